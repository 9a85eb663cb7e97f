import { estimateMetric } from "../../metrics/estimate.js";
import type { Metric, TrialRow } from "../../metrics/metric.js";
import type { EarlierRun, GateEvidence } from "../gate-evidence.js";

/** The values of a metric over runs that can be compared. */
export interface ComparableHistory {
  /** Oldest first, that of this run last; `null` where this run has none on the shared cases. */
  readonly values: readonly number[] | null;
  /** Cases that all of the runs have, and cases of this run. */
  readonly sharedCases: number;
  readonly ownCases: number;
  /** Whether an earlier run was over another version of the golden set. */
  readonly hasChangedSet: boolean;
}

/** Share of this run's cases that the compared runs must have. */
const LEAST_SHARED = 0.5;
/** Earlier runs that are looked at for comparable ones. */
const MOST_EARLIER = 200;

/**
 * The metric over this run and at most `wanted` complete earlier runs of its suite, each on the cases that all of them
 * have. Passed over are runs that share less than half of this run's cases, such as a quick run over three of them,
 * runs without the metric, and runs that another version of its judge judged.
 *
 * @param level - of the estimates, in (0, 1)
 */
export function comparableHistory(
  metric: Metric,
  wanted: number,
  evidence: GateEvidence,
  level: number,
): ComparableHistory {
  const { rows, run } = evidence.own;
  const own = new Set(rows.map((row) => row.caseId));
  const earlier = comparableRuns(metric, wanted, evidence, own);
  const shared = sharedBy(own, earlier);
  const valueOn = (all: readonly TrialRow[]) => valueOnCases(metric, all, shared, level);
  const last = shared.size >= LEAST_SHARED * own.size ? valueOn(rows) : null;
  const before = earlier.map((one) => valueOn(one.rows)).filter((value) => value !== null);
  return {
    values: last === null ? null : [...before.reverse(), last],
    sharedCases: shared.size,
    ownCases: own.size,
    hasChangedSet: earlier.some((one) => one.run.datasetHash !== run.datasetHash),
  };
}

/** Newest first. Reads further back only where runs had to be passed over. */
function comparableRuns(
  metric: Metric,
  wanted: number,
  { own: { run }, history }: GateEvidence,
  own: ReadonlySet<string>,
): readonly EarlierRun[] {
  const judge = judgeOf(run, metric);
  for (let limit = wanted; ; limit = Math.min(2 * limit, MOST_EARLIER)) {
    const earlier = history(limit);
    const comparable = earlier.filter(
      (one) =>
        sharedBy(own, [one]).size >= LEAST_SHARED * own.size &&
        hasMetric(metric, one.rows) &&
        judgeOf(one.run, metric) === judge,
    );
    if (comparable.length >= wanted || earlier.length < limit || limit === MOST_EARLIER) {
      return comparable.slice(0, wanted);
    }
  }
}

function judgeOf({ judges }: EarlierRun["run"], { name }: Metric): string | undefined {
  return judges.find((judge) => judge.metric === name)?.version;
}

function hasMetric(metric: Metric, rows: readonly TrialRow[]): boolean {
  return metric.level === "run" || rows.some((row) => (row.scores[metric.name]?.value ?? null) !== null);
}

function sharedBy(own: ReadonlySet<string>, earlier: readonly EarlierRun[]): ReadonlySet<string> {
  const sets = earlier.map((one) => new Set(one.rows.map((row) => row.caseId)));
  return new Set([...own].filter((id) => sets.every((set) => set.has(id))));
}

function valueOnCases(
  metric: Metric,
  rows: readonly TrialRow[],
  cases: ReadonlySet<string>,
  level: number,
): number | null {
  const counted = rows.filter((row) => cases.has(row.caseId));
  const { value } = estimateMetric(metric, counted, level);
  return value !== null && Number.isFinite(value) ? value : null;
}
