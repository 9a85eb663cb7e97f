import type { AgentEvent } from "./events.js";

/** Why the loop ended. */
export type StopReason =
  | "answered"
  | "user_stop"
  | "environment_done"
  | "step_limit"
  | "deadline"
  | "budget"
  | "guardrail"
  /** The agent handed the conversation to a person. */
  | "escalated"
  /** The same failing tool call was made three times. */
  | "tool_loop"
  | "error"
  | "aborted";

/** Verdict of an environment on the final state and the replies. */
export interface EnvironmentCheck {
  /** 1 when every part holds, else 0. */
  readonly reward: 0 | 1;
  /** Whether the final state equals the one that the gold actions produce; `null` when not asked. */
  readonly stateMatches: boolean | null;
  /** `null` when only the verdict of a recording is known. */
  readonly stateHash: string | null;
  readonly expectedStateHash: string | null;
  /** Expected outputs that no reply contains. */
  readonly missingOutputs: readonly string[];
  /** Paths that differ between the final and the expected state, at most 20. */
  readonly stateDifferences: readonly string[];
}

/**
 * One execution of one case. `status: "error"` means that infrastructure failed, so nothing can be said of
 * the agent: such a trial is never scored 0 and never dropped in silence.
 */
export interface Trial {
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  readonly status: "completed" | "error";
  readonly stopReason: StopReason;
  readonly error: { readonly code: string; readonly message: string; readonly isRetryable: boolean } | null;
  readonly traceId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Present when a recording does not say how long the trial took: `durationMs` is then no measurement. */
  readonly isUntimed?: true;
  readonly events: readonly AgentEvent[];
  readonly check: EnvironmentCheck | null;
}

/** Milliseconds that a trial took; `null` when a recording does not say. */
export function measuredMs({
  durationMs,
  isUntimed,
}: Pick<Trial, "durationMs" | "isUntimed">): number | null {
  return isUntimed === true ? null : durationMs;
}
