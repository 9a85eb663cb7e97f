import type { GoldenCase } from "../core/golden-case.js";
import type { RunHeader } from "../core/run.js";
import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import type { TrialRow } from "../metrics/metric.js";
import type { MetricSet } from "../metrics/metric-set.js";
import { scored } from "../metrics/scores.js";
import { caseIndexOf } from "./case-index.js";
import type { Design } from "./comparison.js";

/** What a comparison knows of one run. */
export interface RunEvidence {
  readonly run: RunHeader;
  readonly rows: readonly TrialRow[];
  readonly set: MetricSet;
  /** The cases as they were when the run ran, by id. */
  readonly cases: ReadonlyMap<string, GoldenCase>;
  /** Resamples of intervals that no formula gives, of the candidate; left out: as many as reports want. */
  readonly resamples?: number;
}

/** The rows that are compared, and how they belong together. */
export interface AlignedRows {
  readonly design: Design;
  readonly baseline: readonly TrialRow[];
  readonly candidate: readonly TrialRow[];
  /** As the candidate's evidence says. */
  readonly resamples?: number;
}

/** Share of the smaller run's cases that both must have for a comparison case by case. */
const LEAST_SHARED = 0.5;

/**
 * Joins two runs by case id. When at least half of the smaller run's cases are in both, the others are left out and
 * the runs are compared case by case; else as two independent samples.
 */
export function alignRuns(baseline: RunEvidence, candidate: RunEvidence): AlignedRows {
  const before = caseIndexOf(baseline.rows).indexOf;
  const after = caseIndexOf(candidate.rows).indexOf;
  let shared = 0;
  for (const id of before.keys()) if (after.has(id)) shared += 1;
  const isPaired = shared > 0 && shared >= LEAST_SHARED * Math.min(before.size, after.size);
  const isComplete = shared === before.size && shared === after.size;
  const rows =
    isPaired && !isComplete
      ? {
          baseline: baseline.rows.filter((row) => after.has(row.caseId)),
          candidate: candidate.rows.filter((row) => before.has(row.caseId)),
        }
      : { baseline: baseline.rows, candidate: candidate.rows };
  const groups = new Set<string>();
  for (const side of [rows.baseline, rows.candidate]) for (const row of side) groups.add(row.group);
  return {
    ...rows,
    ...(candidate.resamples === undefined ? {} : { resamples: candidate.resamples }),
    design: {
      kind: isPaired ? "paired" : "unpaired",
      cases: isPaired ? shared : before.size + after.size - shared,
      baselineOnlyCases: before.size - shared,
      candidateOnlyCases: after.size - shared,
      clusters: groups.size,
      hasRepeatedTrials: hasRepeats(rows.baseline) || hasRepeats(rows.candidate),
    },
  };
}

function hasRepeats(rows: readonly TrialRow[]): boolean {
  return caseIndexOf(rows).ids.length < rows.length;
}

const CRASHED = scored(0, "the trial crashed");

/** The rows with crashed trials counted as failures, for metrics of success. */
export function crashesAsFailures(rows: readonly TrialRow[]): readonly TrialRow[] {
  if (!rows.some((row) => row.status === "error")) return rows;
  return rows.map((row) =>
    row.status === "error"
      ? { ...row, status: "completed", scores: { ...row.scores, [TASK_SUCCESS]: CRASHED } }
      : row,
  );
}
