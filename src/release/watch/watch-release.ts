import { setTimeout } from "node:timers/promises";
import { systemClock } from "../../core/clock.js";
import { AgentctlError } from "../../core/errors.js";
import { renderCanaryRequest, renderCanaryRollback } from "../../report/canary-command-text.js";
import type { CanaryWatch } from "../../report/schemas/canary-watch.js";
import type { ReleaseVerb } from "../../ui/release/release-screen.js";
import { actorName } from "../commands/actor-name.js";
import { leaveRequest } from "../commands/leave-request.js";
import { chosenRelease, type OpenService, withService } from "../commands/open-service.js";
import { takeBack } from "../commands/take-back.js";
import { hasEnded } from "../machine/state.js";
import { type Look, ReleaseWatcher } from "./watcher.js";

const EVERY_MS = 1000;

/** What was typed. */
export interface WatchFlags {
  readonly release: string;
  readonly id?: string;
  readonly actor?: string;
}

export interface WatchPlaces {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** Ends the watch, not the release. */
  readonly signal: AbortSignal;
  /** Told of every look. */
  readonly onLook: (look: Look) => void;
}

/** A release that is being watched. */
export interface OpenWatch {
  /** @throws {UsageError} when nobody has a name */
  readonly actor: string;
  /** Looks until the release has ended or the signal comes. @returns the last look */
  follow(): Promise<CanaryWatch>;
  /** Looks once. */
  look(): Promise<CanaryWatch>;
  /** Asks as the command of that name does, roles included. @returns what came of it, one line */
  ask(verb: ReleaseVerb, reason: string): Promise<string>;
}

/** `agentctl canary watch`: opens journal, events and router for reading, for the time of some work. */
export async function withWatch<Result>(
  flags: WatchFlags,
  places: WatchPlaces,
  work: (watch: OpenWatch) => Promise<Result>,
): Promise<Result> {
  const { workingDirectory, env, signal } = places;
  return withService(flags.release, workingDirectory, async (service) => {
    const { id } = chosenRelease(service, flags.id);
    const watcher = new ReleaseWatcher(service, id, { env, clock: systemClock });
    const look = async () => {
      const found = await watcher.look();
      places.onLook(found);
      return found.watch;
    };
    try {
      return await work({
        get actor() {
          return actorName(flags.actor, env, workingDirectory);
        },
        look,
        async follow() {
          while (true) {
            const watch = await look();
            const release = service.journal.get(id);
            if (signal.aborted || release === null || hasEnded(release.state)) return watch;
            await setTimeout(EVERY_MS, undefined, { signal }).catch(() => undefined);
            if (signal.aborted) return watch;
          }
        },
        ask: (verb, reason) => ask(service, { ...flags, id, reason }, verb, places),
      });
    } finally {
      await watcher.close();
    }
  });
}

async function ask(
  service: OpenService,
  flags: WatchFlags & { readonly id: string; readonly reason: string },
  verb: ReleaseVerb,
  { workingDirectory, env, signal }: WatchPlaces,
): Promise<string> {
  try {
    if (verb === "rollback") {
      const services = { workingDirectory, env, signal, note: () => {} };
      return firstLine(renderCanaryRollback(await takeBack(flags, services)));
    }
    const who = { actor: actorName(flags.actor, env, workingDirectory), clock: systemClock };
    return firstLine(renderCanaryRequest(await leaveRequest(service, verb, flags, who)));
  } catch (error) {
    if (error instanceof AgentctlError) return `not done: ${error.message}`;
    throw error;
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
