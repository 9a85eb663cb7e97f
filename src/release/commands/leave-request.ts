import { setTimeout } from "node:timers/promises";
import { duration } from "../../config/gates/canary-schema.js";
import type { Clock } from "../../core/clock.js";
import { ReleaseError, UsageError } from "../../core/errors.js";
import type { CanaryRequest } from "../../report/schemas/canary-command.js";
import type { ReleaseJournal, ReleaseRecord, ReleaseRequest } from "../journal/journal.js";
import { REQUEST_VERBS } from "../machine/allowed.js";
import { mayAct } from "../machine/may-act.js";
import { transition } from "../machine/transition.js";
import { chosenRelease, type OpenService } from "./open-service.js";
import { stateDocument } from "./release-documents.js";
import { isAlive } from "./release-status.js";

type RequestEvent = ReleaseRequest["event"];

/** What was typed. */
export interface RequestFlags {
  readonly id?: string;
  readonly reason?: string;
  /** Of `extend`, e.g. `30m`. */
  readonly by?: string;
  /** Of `promote`. */
  readonly force?: boolean;
  /** Do not wait for the controller. */
  readonly wait?: boolean;
}

export type RequestVerb = "approve" | "reject" | "pause" | "resume" | "extend" | "promote";

/** How long a controller that lives has to answer. */
const ANSWER_WAIT_MS = 15_000;
const LOOK_EVERY_MS = 100;

/**
 * Leaves a request for the controller and waits until it is answered. A request that role or state refuse is not left, and
 * the refusal is recorded.
 *
 * @throws {ReleaseError} `RELEASE_FORBIDDEN`, `RELEASE_REFUSED`
 */
export async function leaveRequest(
  service: OpenService,
  verb: RequestVerb,
  flags: RequestFlags,
  who: { readonly actor: string; readonly clock: Clock },
): Promise<CanaryRequest> {
  const { journal } = service;
  const release = chosenRelease(service, flags.id);
  const event = eventOf(verb, flags, who.actor, release);
  refuseIfNotAllowed(journal, release, event, who.clock.now());
  journal.request(release.id, who.clock.now(), event);
  const hasController = isAlive(journal.lease(release.plan.service), who.clock.now());
  const isDone =
    hasController && flags.wait !== false && (await isAnswered(journal, release.id, event, who.clock));
  return {
    releaseId: release.id,
    request: REQUEST_VERBS[event.type],
    actor: event.actor,
    reason: event.reason,
    outcome: isDone ? "done" : "waiting",
    hasController,
    state: stateDocument(journal.get(release.id)?.state ?? release.state),
  };
}

/** @throws {ReleaseError} after it was written down who tried what */
function refuseIfNotAllowed(
  journal: ReleaseJournal,
  release: ReleaseRecord,
  event: RequestEvent,
  now: number,
): void {
  const { forbidden } = mayAct(event.type, event.actor, release);
  const next = transition(release, event);
  const refused = forbidden ?? ("refused" in next ? next.refused : null);
  if (refused === null) return;
  journal.note(release.id, now, {
    event: "refused",
    reason: `${event.type} (${event.reason}): ${refused}`,
    actor: event.actor,
  });
  const code = forbidden === null ? "RELEASE_REFUSED" : "RELEASE_FORBIDDEN";
  throw new ReleaseError(code, `release ${release.id}: ${refused}`, {
    nextStep: "agentctl canary status shows what is possible now; the attempt stands in the journal.",
  });
}

function eventOf(
  verb: RequestVerb,
  flags: RequestFlags,
  actor: string,
  release: ReleaseRecord,
): RequestEvent {
  const reason = flags.reason?.trim() ?? "";
  const because = { actor, reason: reason === "" ? `${verb} requested` : reason };
  const { state, plan } = release;
  switch (verb) {
    case "approve":
      return { type: "approved", ...because };
    case "reject":
      requireReason(verb, reason);
      return { type: "rejected", ...because };
    case "pause":
      return { type: "pause-requested", ...because };
    case "resume":
      return { type: "resumed", ...because };
    case "extend":
      return { type: "extended", ...because, byMs: extensionOf(flags.by) };
    case "promote": {
      if (flags.force === true) {
        requireReason("promote --force", reason);
        return { type: "promotion-forced", ...because };
      }
      const isLast = "step" in state && state.step === plan.steps.length - 1;
      if (state.name === "PAUSED" && state.reason === "approval" && isLast)
        return { type: "approved", ...because };
      throw new UsageError("canary promote: a release is promoted by itself when its last step has passed", {
        nextStep: "To skip what is left of its steps, pause it, then give --force and --reason.",
      });
    }
  }
}

/** @throws {UsageError} when there is none: the journal must say why */
export function requireReason(verb: string, reason: string): void {
  if (reason !== "") return;
  throw new UsageError(`canary ${verb}: expected --reason, found none`, {
    nextStep: "Give one sentence; it stands in the journal.",
  });
}

function extensionOf(by: string | undefined): number {
  const parsed = duration.safeParse(by);
  if (parsed.success && parsed.data > 0) return parsed.data;
  throw new UsageError(`canary extend: expected --by with a time such as 30m or 1h, found ${by ?? "none"}`);
}

async function isAnswered(
  journal: ReleaseJournal,
  releaseId: string,
  event: RequestEvent,
  clock: Clock,
): Promise<boolean> {
  const isOpen = () =>
    journal
      .requests(releaseId)
      .some((open) => open.event.type === event.type && open.event.actor === event.actor);
  for (const start = clock.monotonic(); clock.monotonic() - start < ANSWER_WAIT_MS; ) {
    if (!isOpen()) return true;
    await setTimeout(LOOK_EVERY_MS);
  }
  return !isOpen();
}
