import type { GoldenCase } from "../core/golden-case.js";
import { IMPORTED_PROVIDER } from "../core/run.js";
import type { Score } from "../core/score.js";
import { type Trace, traceOf } from "../core/trace.js";
import type { Trial } from "../core/trial.js";
import type { TrialRow } from "./metric.js";
import { defaultMetricSet, type MetricSet } from "./metric-set.js";
import { trialCostUsd } from "./operations/cost.js";
import { FIRST_TOKEN_MS, TURN_MS } from "./operations/sample-names.js";
import { reportedTrace, scoreOfReported } from "./reported-trace.js";

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
  const input = { goldenCase, trial, trace: reportedTrace(trace) };
  const started = Date.parse(trial.startedAt);
  const scores: Record<string, Score> = {};
  for (const metric of set.caseMetrics) scores[metric.name] = scoreOfReported(metric, input);
  return {
    caseId: trial.caseId,
    group: goldenCase.group,
    trial: trial.trial,
    status: trial.status,
    errorCode: trial.status === "error" ? (trial.error?.code ?? "UNKNOWN") : null,
    stopReason: trial.stopReason,
    ...(Number.isNaN(started) ? {} : { startedAtMs: started }),
    durationMs: trial.durationMs,
    untimed: whyUntimed(trial, trace),
    costUsd: trialCostUsd(trial, trace),
    ...samplesOf(trace),
    scores,
  };
}

/** Times of the agent's model calls that were measured, in order; of a cached answer nothing is known. */
function samplesOf({ modelCalls }: Trace): Pick<TrialRow, "samples"> {
  const turns: number[] = [];
  const firstTokens: number[] = [];
  for (const { speaker, durationMs, timed, cached, firstTokenMs } of modelCalls) {
    if (speaker !== "agent" || durationMs === null || !timed || cached) continue;
    turns.push(durationMs);
    if (firstTokenMs !== undefined) firstTokens.push(firstTokenMs);
  }
  if (turns.length === 0) return {};
  return {
    samples: { [TURN_MS]: turns, ...(firstTokens.length === 0 ? {} : { [FIRST_TOKEN_MS]: firstTokens }) },
  };
}

/** An imported trial says itself whether its whole time is known; its single calls may still lack theirs. */
function whyUntimed(trial: Trial, { modelCalls }: Trace): string | null {
  if (modelCalls.some((call) => call.cached)) return "answered from the response cache";
  const isUntimed =
    trial.isUntimed === true ||
    modelCalls.some((call) => call.provider !== IMPORTED_PROVIDER && call.durationMs !== null && !call.timed);
  return isUntimed ? "the recording does not say how long it took" : null;
}
