import type { StepDecision } from "../decisions/step-decision.js";
import type { ArmCounts } from "../routers/router.js";
import type { ControllerPorts } from "./ports.js";
import type { ReleaseDesk } from "./release-desk.js";
import type { StateTime } from "./state-time.js";

/** The moment at which 0 was read back. */
export interface ZeroPoint {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** As the router had counted by then. */
  readonly counts: readonly ArmCounts[];
  /** Requests that were known by then and carry a later time: those of a clock that was ahead. */
  readonly ahead: number;
}

/** What a controller remembers while it lives; a restart forgets it, and is none the worse for it. */
export interface EpochMemory {
  /** Whether nothing was looked at yet in this epoch: the first act after a restart never advances. */
  isFirst: boolean;
  readonly time: StateTime;
  /** Monotonic time of the last evaluation. */
  evaluatedAt: number | null;
  /** Time baked at the last evaluation of the present step. */
  evaluatedBakedMs: number | null;
  /** What was known of the new version's traffic when 0 was read back. */
  zero: ZeroPoint | null;
  /** Probes of a held rollback that passed in a row. */
  passedProbes: number;
  /** Failed attempts in a row, for the back-off. */
  attempts: number;
}

/** One call of `tick`. */
export interface Turn {
  readonly ports: ControllerPorts;
  readonly desk: ReleaseDesk;
  readonly memory: EpochMemory;
  /** Longest time between two ticks. */
  readonly mostMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface Outcome {
  readonly nextInMs: number;
  readonly decision: StepDecision | null;
}

/** Something is due at once. */
export const AT_ONCE: Outcome = { nextInMs: 0, decision: null };

const FIRST_WAIT_MS = 1000;
const MOST_WAIT_MS = 30_000;

/** How long to wait after a number of failures in a row, at least 1. */
export function backOffMs(failures: number): number {
  return Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
}
