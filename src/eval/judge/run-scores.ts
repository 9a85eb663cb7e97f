import type { GoldenCase } from "../../core/golden-case.js";
import type { PlannedTrial } from "../../core/run.js";
import type { Estimate, MetricFacts, Score } from "../../core/score.js";
import { estimateMetric } from "../../metrics/estimate.js";
import type { TrialRow } from "../../metrics/metric.js";
import { storedMetricSet } from "../../metrics/metric-set.js";

const LEVEL = 0.95;

/** Score of each trial or item, by its place in the plan; what is missing was not judged yet. */
export type JudgeScores = ReadonlyMap<PlannedTrial, Score>;

/** What a judge says of a run: its metric over the trials that it has judged. */
export function estimateOfScores(
  facts: MetricFacts,
  scores: JudgeScores,
  groupOf: (planned: PlannedTrial) => string,
): Estimate {
  const rows = [...scores].map(([planned, score]) =>
    rowOfScore(facts.name, planned, score, groupOf(planned)),
  );
  const [metric] = storedMetricSet([facts.name], [facts]).metrics;
  if (metric === undefined) throw new TypeError(`no metric ${facts.name}`);
  return estimateMetric(metric, rows, LEVEL);
}

/** The unit that trials of a case belong to; an item of a table is its own. */
export function groupsOf(byId: ReadonlyMap<string, GoldenCase>): (planned: PlannedTrial) => string {
  return ({ caseId }) => byId.get(caseId)?.group ?? caseId;
}

function rowOfScore(metric: string, { caseId, trial }: PlannedTrial, score: Score, group: string): TrialRow {
  return {
    caseId,
    group,
    trial,
    status: "completed",
    errorCode: null,
    durationMs: 0,
    untimed: "only the judge's scores are here",
    costUsd: null,
    scores: { [metric]: score },
  };
}
