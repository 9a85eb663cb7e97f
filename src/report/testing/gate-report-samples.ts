import type { Estimate } from "../../core/score.js";
import type { GateDifference, GateReport, GateResult } from "../../gates/gate-report.js";
import { unjudged } from "../../gates/unjudged.js";
import { HOSTILE } from "./report-samples.js";

const RATE: Estimate = {
  metric: "task.success",
  unit: "proportion",
  direction: "higher",
  value: 0.717,
  lower: 0.592,
  upper: 0.815,
  level: 0.95,
  n: 60,
  unscored: {},
  clusters: 60,
  method: "wilson",
};
const TIME: Estimate = {
  ...RATE,
  metric: "latency.p95_ms",
  unit: "ms",
  direction: "lower",
  value: 3120,
  lower: 2800,
  upper: 3900,
  method: "order-statistics",
};

function difference(
  value: number,
  lower: number,
  upper: number,
  changes: Partial<GateDifference>,
): GateDifference {
  return {
    value,
    lower,
    upper,
    method: "tango",
    relative: null,
    n: 60,
    clusters: 60,
    level: 0.95,
    design: "paired",
    margin: 0.02,
    isRelative: false,
    test: { name: "McNemar mid-p", statistics: {}, p: 0.0076 },
    ...changes,
  };
}

function gate(kind: GateResult["kind"], name: string, changes: Partial<GateResult>): GateResult {
  return {
    ...unjudged({ severity: "major" }, kind, name),
    required: "",
    verdict: "pass",
    reason: "It holds.",
    ...changes,
  };
}

const baseline = {
  reference: "main",
  runId: "20261120-101010-aaaa",
  agentVersion: "b".repeat(64),
  estimate: { ...RATE, value: 0.9, lower: 0.799, upper: 0.953 },
};
const noWorse = gate("no-worse", "task.success no worse than main", {
  metric: "task.success",
  severity: "critical",
  required: "no more than 2 points below main",
  estimate: RATE,
  baseline,
  difference: difference(-0.183, -0.305, -0.062, {}),
  verdict: "fail",
  reason: "18.3 points below main, and the whole interval lies below the margin of 2 points.",
});
const part = (slice: string, verdict: GateResult["verdict"], rate: number) =>
  gate("threshold", slice, {
    metric: "task.success",
    required: "at least 0.7",
    min: 0.7,
    estimate: {
      ...RATE,
      value: rate,
      lower: Math.max(0, rate - 0.2),
      upper: Math.min(1, rate + 0.2),
      n: 12,
      clusters: 12,
    },
    verdict,
    reason: verdict === "pass" ? "It holds." : "Below 0.7 on this slice after Holm's adjustment.",
    toSettle: verdict === "inconclusive" ? "about 30 more cases" : null,
  });

const results: readonly GateResult[] = [
  noWorse,
  gate("slices", "task.success by risk, tag", {
    metric: "task.success",
    severity: "critical",
    required: "at least 0.7 on every slice, Holm over 4 slices",
    verdict: "fail",
    reason: "1 of 4 slices fails: risk critical.",
    parts: [
      part("risk critical", "fail", 0.42),
      part("tag tools", "inconclusive", 0.66),
      part("risk low", "pass", 0.95),
    ],
  }),
  gate("must-pass", "must pass", {
    severity: "critical",
    required: "refund-window-02, order-cancel-03 pass in every trial",
    verdict: "fail",
    reason: "1 of 2 cases did not pass.",
    cases: [{ caseId: "order-cancel-03", note: "failed in 1 of 1 trials" }],
  }),
  gate("threshold", "faithfulness", {
    metric: "faithfulness",
    required: "lower bound >= 0.85",
    min: 0.85,
    bound: "lower",
    estimate: {
      ...RATE,
      metric: "faithfulness",
      value: 0.88,
      lower: 0.81,
      upper: 0.94,
      method: "clustered-t",
      clusters: 40,
      unscored: { "no answer": 3 },
    },
    verdict: "inconclusive",
    reason: "The interval holds 0.85: the data allow both.",
    toSettle: "about 53 more cases",
  }),
  gate("no-worse", "latency.p95_ms no worse than main", {
    metric: "latency.p95_ms",
    required: "no more than 10 % above main",
    estimate: TIME,
    baseline: { ...baseline, estimate: { ...TIME, value: 2600 } },
    difference: difference(0.2, 0.02, 0.41, {
      isRelative: true,
      margin: 0.1,
      method: "bootstrap of groups",
      test: null,
    }),
    verdict: "fail",
    reason: "20 % above main; at most 10 % may be lost.",
    waiver: {
      gate: "latency.p95_ms no worse than main",
      by: "maria",
      reason: "index rebuild in progress",
      until: "2026-12-05",
    },
  }),
  gate("better", "cost.per_trial_usd better than main", {
    metric: "cost.per_trial_usd",
    severity: "minor",
    required: "at least 5 % below main",
    estimate: { ...TIME, metric: "cost.per_trial_usd", unit: "usd", value: 0.02, lower: 0.017, upper: 0.023 },
    baseline: { ...baseline, estimate: { ...TIME, unit: "usd", value: 0.021 } },
    difference: difference(-0.048, -0.19, 0.095, {
      isRelative: true,
      margin: 0.05,
      method: "paired-t",
      test: null,
    }),
    verdict: "inconclusive",
    reason: "4.8 % cheaper; the interval reaches from 19 % cheaper to 9.5 % dearer.",
  }),
  gate("all", "release", {
    required: "all of its parts",
    reason: "2 of 2 parts pass.",
    parts: [
      gate("budget", "budget cost_usd", { required: "at most $5", reason: "Took $1.26." }),
      gate("any", "either", {
        required: "any of its parts",
        reason: "1 of 2 parts passes.",
        parts: [part("a", "pass", 0.9), part("b", "inconclusive", 0.6)],
      }),
    ],
  }),
  gate("coverage", "coverage reviewed where risk: high", {
    required: "every case",
    reason: "4 of 4 cases are reviewed.",
  }),
  gate("trend", "task.success trend", {
    metric: "task.success",
    required: "not falling 3 runs in a row",
    reason: "Fell in 1 run.",
  }),
];

/** A report with a gate of every kind, a waiver, warnings, parts in parts, a skipped gate and a flaky case. */
export function sampleGates(changes: Partial<GateReport> = {}): GateReport {
  return {
    verdict: "fail",
    reasons: [
      "task.success no worse than main fails: 18.3 points below main, and the whole interval lies below the margin of 2 points.",
      "task.success by risk, tag fails: 1 of 4 slices fails: risk critical.",
      "must pass fails: 1 of 2 cases did not pass.",
      "faithfulness is inconclusive: the interval holds 0.85: the data allow both.",
    ],
    notes: [],
    runId: "20261121-065500-k3f9",
    gatesHash: "9".repeat(64),
    datasetHash: "d".repeat(64),
    agentVersion: "a".repeat(64),
    results,
    skipped: [
      { name: "judge.tone", reason: `changed(prompt) does not hold: the prompt is that of main. ${HOSTILE}` },
    ],
    flaky: [{ caseId: "refund-window-02", passed: 1, trials: 2, historyRate: 0.02, p: 0.0041 }],
    ...changes,
  };
}
