import type { GoldenCase } from "../core/golden-case.js";
import type { RunHeader } from "../core/run.js";
import type { Trace } from "../core/trace.js";
import type { Trial } from "../core/trial.js";
import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import type { TrialRow } from "../metrics/metric.js";

/** One stored trial with everything that is known of it. */
export interface TraceSubject {
  readonly run: RunHeader;
  readonly goldenCase: GoldenCase;
  readonly trial: Trial;
  readonly trace: Trace;
  readonly row: TrialRow;
}

/** `null` when the trial was not scored for success. */
export function hasPassed(row: TrialRow): boolean | null {
  const value = row.scores[TASK_SUCCESS]?.value ?? null;
  return value === null || row.status === "error" ? null : value === 1;
}
