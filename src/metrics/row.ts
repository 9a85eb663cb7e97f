import type { GoldenCase } from "../core/golden-case.js";
import type { Score } from "../core/score.js";
import { type Trace, traceOf } from "../core/trace.js";
import type { Trial } from "../core/trial.js";
import type { TrialRow } from "./metric.js";
import { defaultMetricSet, type MetricSet } from "./metric-set.js";
import { trialCostUsd } from "./operations/cost.js";

/**
 * Scores a trial on the case-level metrics of a set.
 *
 * @param trace - the trial's trace, when the caller has derived it already
 */
export function rowOf(
  goldenCase: GoldenCase,
  trial: Trial,
  set: MetricSet = defaultMetricSet,
  trace: Trace = traceOf(trial),
): TrialRow {
  const input = { goldenCase, trial, trace };
  const started = Date.parse(trial.startedAt);
  const scores: Record<string, Score> = {};
  for (const metric of set.caseMetrics) scores[metric.name] = metric.score(input);
  return {
    caseId: trial.caseId,
    group: goldenCase.group,
    trial: trial.trial,
    status: trial.status,
    errorCode: trial.status === "error" ? (trial.error?.code ?? "UNKNOWN") : null,
    ...(Number.isNaN(started) ? {} : { startedAtMs: started }),
    durationMs: trial.durationMs,
    untimed: whyUntimed(trial, trace),
    costUsd: trialCostUsd(trial, trace),
    scores,
  };
}

function whyUntimed(trial: Trial, { modelCalls }: Trace): string | null {
  if (modelCalls.some((call) => call.cached)) return "answered from the response cache";
  const isUntimed =
    trial.isUntimed === true || modelCalls.some((call) => call.durationMs !== null && !call.timed);
  return isUntimed ? "the recording does not say how long it took" : null;
}
