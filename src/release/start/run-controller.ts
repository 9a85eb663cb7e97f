import { setTimeout } from "node:timers/promises";
import { AgentctlError, ReleaseError } from "../../core/errors.js";
import { openController } from "../controller/controller.js";
import type { ControllerPorts } from "../controller/ports.js";
import type { ReleaseRecord } from "../journal/journal.js";
import { holderName } from "../journal/lease-holder.js";
import { hasEnded } from "../machine/state.js";
import { freeDeadLease } from "./free-dead-lease.js";
import { tellChanges } from "./tell-changes.js";
import { tickLine } from "./tick-line.js";

const LEASE_TTL_MS = 30_000;
/** Between two tries when the journal cannot be written. */
const RETRY_MS = 1000;

/** How a controller in this process is run. */
export interface ControllerRun {
  readonly releaseId: string;
  readonly ports: ControllerPorts;
  /** Ends it, and leaves the release where it is. */
  readonly signal: AbortSignal;
  /** Told of every change, one line each; of figures alone once a minute. */
  readonly note: (text: string) => void;
}

/**
 * Turns a controller until its release has ended or the signal comes; the lease is given back either way. A journal that
 * cannot be written now is tried again: nothing is done meanwhile, and a router with a lease goes to 0 by itself.
 *
 * @throws {ReleaseError} `RELEASE_FENCED` when another controller has the release
 */
export async function runController({
  releaseId,
  ports,
  signal,
  note,
}: ControllerRun): Promise<ReleaseRecord> {
  const { service } = required(ports, releaseId).plan;
  await freeDeadLease(service, { ...ports, note, signal });
  const controller = openController(releaseId, ports, { holder: holderName(), leaseTtlMs: LEASE_TTL_MS });
  const say = tellChanges(note, ports.clock);
  try {
    while (true) {
      const waitMs = await tickOnce();
      if (!Number.isFinite(waitMs) || signal.aborted) break;
      await setTimeout(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
    }
    return required(ports, releaseId);
  } finally {
    await controller.close();
  }

  async function tickOnce(): Promise<number> {
    try {
      const { release, nextInMs, decision } = await controller.tick();
      say(tickLine(release, decision, ports.journal.rows(releaseId)));
      return hasEnded(release.state) && !Number.isFinite(nextInMs) ? Number.POSITIVE_INFINITY : nextInMs;
    } catch (error) {
      const isPassing = error instanceof AgentctlError && !(error instanceof ReleaseError);
      if (!isPassing) throw error;
      say(`${error.message}; tried again`);
      return RETRY_MS;
    }
  }
}

function required({ journal }: ControllerPorts, id: string): ReleaseRecord {
  const release = journal.get(id);
  if (release !== null) return release;
  throw new ReleaseError("RELEASE_UNKNOWN", `expected release ${id} in the journal, found none`);
}
