import type {
  CandidateComparison,
  ChangeVerdict,
  ComparedRun,
  Difference,
  Distribution,
  DistributionComparison,
  MetricComparison,
  SliceComparison,
} from "../../../comparison/comparison.js";
import type { Estimate } from "../../../core/score.js";
import { sampleRun } from "../../../store/testing/store-samples.js";
import { HOSTILE, SECRET } from "../../testing/report-samples.js";
import type { ChangedTrial, ComparisonReport } from "../comparison-report.js";

const BASELINE_ID = "20261120-101010-aaaa";
const CANDIDATE_ID = "20261121-065500-k3f9";

function comparedRun(id: string, agentVersion: string, changes: Partial<ComparedRun> = {}): ComparedRun {
  const { plan: _plan, ...run } = sampleRun(id, { status: "complete", agentVersion });
  return { run, planned: 60, crashed: 0, missing: 0, ...changes };
}

function estimate(metric: string, value: number | null, changes: Partial<Estimate>): Estimate {
  return {
    metric,
    unit: "proportion",
    direction: "higher",
    value,
    lower: null,
    upper: null,
    level: 0.95,
    n: 60,
    unscored: {},
    clusters: 60,
    method: "wilson",
    ...changes,
  };
}

function difference(value: number | null, changes: Partial<Difference> = {}): Difference {
  return {
    value,
    lower: null,
    upper: null,
    method: "tango",
    relative: null,
    n: 60,
    clusters: 60,
    ...changes,
  };
}

function metric(
  name: string,
  verdict: ChangeVerdict,
  values: readonly [number | null, number | null],
  changes: Partial<MetricComparison> = {},
): MetricComparison {
  const facts = { unit: changes.unit ?? "proportion", direction: changes.direction ?? "higher" } as const;
  return {
    metric: name,
    layer: "agent",
    ...facts,
    description: `What ${name} means, in one sentence.`,
    isPrimary: false,
    baseline: estimate(name, values[0], facts),
    candidate: estimate(name, values[1], facts),
    difference: difference(values[0] === null || values[1] === null ? null : values[1] - values[0]),
    test: null,
    otherTests: [],
    adjustedP: null,
    verdict,
    sentence: verdict,
    pairs: null,
    ...changes,
  };
}

const success = metric("task.success", "worse", [0.9, 0.717], {
  isPrimary: true,
  baseline: estimate("task.success", 0.9, { lower: 0.799, upper: 0.953 }),
  candidate: estimate("task.success", 0.717, { lower: 0.592, upper: 0.815 }),
  difference: difference(-0.183, { lower: -0.305, upper: -0.062, relative: -0.203 }),
  test: { name: "McNemar mid-p", statistics: { lost: 14, won: 3 }, p: 0.0076 },
  otherTests: [{ name: "McNemar exact", statistics: { lost: 14, won: 3 }, p: 0.0127 }],
  sentence: "worse, −18.3 points, p = .008, 95 % −30.5 to −6.2 points, 14 cases lost, 3 won",
  pairs: { bothPassed: 40, lost: 14, won: 3, bothFailed: 3 },
});

const steps = { unit: "count", direction: "lower" } as const;
const time = { unit: "ms", direction: "lower" } as const;
const usd = { unit: "usd", direction: "lower" } as const;

const metrics: readonly MetricComparison[] = [
  success,
  metric("latency.p50_ms", "better", [2480, 1310], {
    ...time,
    baseline: estimate("latency.p50_ms", 2480, { ...time, lower: 2100, upper: 2900 }),
    candidate: estimate("latency.p50_ms", 1310, { ...time, lower: 1200, upper: 1500 }),
    difference: difference(-1170, {
      lower: -1500,
      upper: -800,
      relative: -0.472,
      method: "bootstrap of groups (seed=20261121,resamples=2000)",
      n: 120,
    }),
  }),
  metric("steps", "no-difference-shown", [3.25, 3.5], {
    ...steps,
    difference: difference(0.25, { lower: -0.1, upper: 0.6, relative: 0.0769, method: "paired-t" }),
    test: { name: "sign-flip permutation (Monte Carlo)", statistics: { clusters: 60 }, p: 0.15, seed: 7 },
    adjustedP: 0.3,
  }),
  metric("cost.per_trial_usd", "no-difference-shown", [0.021, 0.02], {
    ...usd,
    baseline: estimate("cost.per_trial_usd", 0.021, { ...usd, lower: 0.018, upper: 0.024 }),
    candidate: estimate("cost.per_trial_usd", 0.02, { ...usd, lower: 0.017, upper: 0.023 }),
    difference: difference(-0.001, { lower: -0.004, upper: 0.002, relative: -0.0476, method: "paired-t" }),
    adjustedP: 1,
  }),
  metric("retry_rate", "no-difference-shown", [0, 0], {
    direction: "lower",
    difference: difference(0, { lower: 0, upper: 0, relative: null }),
  }),
  metric(HOSTILE, "unknown", [null, 0.5], {
    difference: difference(null, { reason: "the baseline has no estimate", n: 0, clusters: 0 }),
  }),
];

function distribution(points: readonly number[]): Distribution {
  const at = (q: number) => points[Math.round(q * (points.length - 1))] ?? null;
  return {
    n: points.length,
    mean: points.reduce((sum, point) => sum + point, 0) / points.length,
    quantiles: [0.5, 0.9, 0.95, 0.99].map((q) => ({
      q,
      value: at(q),
      nearestRank: at(q),
      lower: null,
      upper: null,
    })),
    points,
    unknown: 0,
  };
}

const durations: DistributionComparison = {
  name: "duration_ms",
  label: "duration of a trial",
  unit: "ms",
  baseline: distribution(Array.from({ length: 60 }, (_, index) => 900 + 50 * index)),
  candidate: distribution(Array.from({ length: 60 }, (_, index) => 700 + index ** 2)),
  test: { name: "Mann–Whitney U (asymptotic)", statistics: { u: 1100, auc: 0.3 }, p: 0.0002 },
  otherTests: [{ name: "Wilcoxon signed-rank (exact)", statistics: { wPlus: 12 }, p: 0.0001 }],
  adjustedP: 0.0006,
  verdict: "better",
  sentence: "faster, median 2.4 s → 1.6 s",
};

const slices: readonly SliceComparison[] = [
  ["risk", "high", -0.4, 0.03, "worse"],
  ["risk", "low", -0.05, 1, "no-difference-shown"],
  ["tag", HOSTILE, 0, null, "unknown"],
].map(([by, slice, value, p, verdict]) => ({
  by: by as string,
  slice: slice as string,
  baseline: 0.9,
  candidate: 0.9 + (value as number),
  difference: difference(value as number, {
    lower: (value as number) - 0.2,
    upper: (value as number) + 0.2,
    n: 20,
  }),
  test: p === null ? null : { name: "McNemar mid-p", statistics: {}, p: (p as number) / 3 },
  adjustedP: p as number | null,
  verdict: verdict as ChangeVerdict,
}));

function trial(runId: string, changes: Partial<ChangedTrial>): ChangedTrial {
  return {
    runId,
    trial: 0,
    answer: "You have thirty days. [refund-policy]",
    failures: [],
    toolCalls: ["look_up_order", "look_up_order", "cancel_order"],
    durationMs: 1234.5,
    costUsd: 0.0021,
    ...changes,
  };
}

/** One candidate that is worse, with hostile texts, a holdout case and every verdict. */
export function sampleCandidate(changes: Partial<CandidateComparison> = {}): CandidateComparison {
  return {
    candidate: comparedRun(CANDIDATE_ID, "b".repeat(64), { crashed: 2 }),
    design: {
      kind: "paired",
      cases: 60,
      baselineOnlyCases: 0,
      candidateOnlyCases: 2,
      clusters: 52,
      hasRepeatedTrials: false,
    },
    summary: "task.success 90.0 % → 71.7 %: worse.",
    warnings: [
      { code: "dataset-differs", message: `3 of the cases changed between the runs (${HOSTILE})` },
      { code: "runs-apart", message: "the runs are 9 days apart" },
    ],
    metrics,
    distributions: [durations],
    slices,
    reversals: [
      {
        by: "risk",
        pooled: -0.18,
        withinSlices: 0.02,
        message: "by risk, the candidate is +2.0 points within slices",
      },
    ],
    changes: {
      metric: "task.success",
      lost: [
        { caseId: "refund-window-01", baseline: 1, candidate: 0 },
        { caseId: "hostile-05", baseline: 1, candidate: 0 },
        { caseId: "holdout-06", baseline: 1, candidate: 0.5 },
        ...Array.from({ length: 11 }, (_, index) => ({ caseId: `more-${index}`, baseline: 1, candidate: 0 })),
      ],
      won: [{ caseId: "-won 's-1", baseline: 0, candidate: 1 }],
    },
    detectable: {
      drop: 0.11,
      discordantRate: 0.2,
      sentence: "with 60 cases you can see a drop of 11 points (power 80 %)",
    },
    ...changes,
  };
}

export function sampleComparison(changes: Partial<ComparisonReport> = {}): ComparisonReport {
  return {
    baseline: comparedRun(BASELINE_ID, "a".repeat(64)),
    candidates: [sampleCandidate()],
    level: 0.95,
    cases: {
      "refund-window-01": {
        input: "How long do I have to return a lamp?",
        risk: "high",
        tags: ["refund"],
        isHoldout: false,
        baseline: trial(BASELINE_ID, {}),
        candidates: [
          trial(CANDIDATE_ID, {
            trial: 1,
            answer: "You have fourteen days.",
            failures: ['expected the answer to include "thirty days", found "You have fourteen days."'],
          }),
        ],
      },
      "hostile-05": {
        input: HOSTILE,
        risk: null,
        tags: [HOSTILE],
        isHoldout: false,
        baseline: trial(BASELINE_ID, { answer: HOSTILE, toolCalls: [HOSTILE] }),
        candidates: [trial(CANDIDATE_ID, { answer: null, failures: [HOSTILE], toolCalls: [] })],
      },
      "holdout-06": {
        input: null,
        risk: "low",
        tags: [],
        isHoldout: true,
        // A holdout text that slipped in: no reporter may show it.
        baseline: trial(BASELINE_ID, { answer: SECRET }),
        candidates: [trial(CANDIDATE_ID, { answer: SECRET, failures: [SECRET] })],
      },
      "-won 's-1": {
        input: "Cancel order W123.",
        risk: null,
        tags: [],
        isHoldout: false,
        baseline: null,
        candidates: [trial(CANDIDATE_ID, { costUsd: null, toolCalls: [] })],
      },
    },
    ...changes,
  };
}
