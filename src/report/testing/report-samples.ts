import type { RunHeader } from "../../core/run.js";
import type { Estimate, MetricLayer } from "../../core/score.js";
import type { Trace } from "../../core/trace.js";
import type { GateReport } from "../../gates/gate-report.js";
import { unjudged } from "../../gates/unjudged.js";
import { sampleCase, sampleRun } from "../../store/testing/store-samples.js";
import type { CaseReport, RunReport, TraceLoader, TrialReport } from "../run-report.js";

/** Text that breaks out of every format which does not escape it, with control and half characters. */
export const HOSTILE =
  "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1> | `code` @team ]]> &amp; \u0000\u001b[31m \ud800 “quotes” 'single' <!--";

/** A phrase that stands only in a holdout case: no report may show it. */
export const SECRET = "blue-heron-holdout-secret";

const RUN_ID = "20261121-065500-k3f9";

function trialReport(changes: Partial<TrialReport> = {}): TrialReport {
  return {
    trial: 0,
    status: "completed",
    stopReason: "answered",
    error: null,
    passed: true,
    failures: [],
    answer: "You have thirty days. [refund-policy]",
    scores: {
      "task.success": { value: 1 },
      "retrieval.hit_rate": { value: 1 },
      "generation.faithfulness": { value: 0.75, detail: "3 of 4 sentences supported" },
      "agent.tool_accuracy": { value: null, reason: "no tool calls expected" },
    },
    durationMs: 1234.5,
    costUsd: 0.0021,
    check: null,
    ...changes,
  };
}

function failedTrial(failures: readonly string[], changes: Partial<TrialReport> = {}): TrialReport {
  return trialReport({
    passed: false,
    failures,
    answer: "You have fourteen days. [refund-policy-2019]",
    scores: { "task.success": { value: 0 }, "generation.faithfulness": { value: 0.5 } },
    ...changes,
  });
}

const cases: readonly CaseReport[] = [
  { goldenCase: sampleCase("refund-window-01", { tags: ["refund"] }), trials: [trialReport()] },
  {
    goldenCase: sampleCase("refund-window-02", {
      input: { kind: "text", text: "How long do I have to return a lamp that I bought last week?" },
      tags: ["refund", "stale"],
      risk: "high",
    }),
    trials: [
      failedTrial(['expected the answer to include "thirty days", found "You have fourteen days."']),
      trialReport({ trial: 1 }),
    ],
  },
  {
    goldenCase: sampleCase("order-cancel-03", {
      input: { kind: "user", goal: "Cancel order W123, but only if it has not shipped.", script: null },
      tags: ["tools", "confirm"],
      risk: "critical",
      expect: {
        ...sampleCase("x").expect,
        mustInclude: [],
        sources: ["order-policy"],
        toolCalls: [{ name: "cancel_order", args: { order_id: "W123" } }],
        outputs: ["cancelled"],
      },
    }),
    trials: [
      failedTrial(["the final state differs at orders.W123.status", 'no reply contains "cancelled"'], {
        stopReason: "step_limit",
        answer: null,
        check: {
          reward: 0,
          stateMatches: false,
          stateHash: "1".repeat(64),
          expectedStateHash: "2".repeat(64),
          missingOutputs: ["cancelled"],
          stateDifferences: ["orders.W123.status"],
        },
      }),
    ],
  },
  {
    goldenCase: sampleCase("provider-down-04", { tags: ["tools"] }),
    trials: [
      trialReport({
        status: "error",
        stopReason: "error",
        passed: null,
        answer: null,
        scores: {},
        costUsd: null,
        error: { code: "PROVIDER_TIMEOUT", message: "no answer within 60 s", isRetryable: true },
      }),
    ],
  },
  {
    goldenCase: sampleCase("hostile-05", { input: { kind: "text", text: HOSTILE }, tags: [HOSTILE] }),
    trials: [failedTrial([HOSTILE], { answer: HOSTILE })],
  },
  {
    goldenCase: sampleCase("holdout-06", {
      split: "holdout",
      input: { kind: "text", text: SECRET },
      expect: { ...sampleCase("x").expect, mustInclude: [SECRET], answer: SECRET },
      tags: ["refund"],
    }),
    trials: [
      failedTrial([SECRET], {
        answer: SECRET,
        scores: { "task.success": { value: 0, detail: SECRET } },
        check: {
          reward: 0,
          stateMatches: false,
          stateHash: "1".repeat(64),
          expectedStateHash: "2".repeat(64),
          missingOutputs: [SECRET],
          stateDifferences: [SECRET],
        },
      }),
    ],
  },
  {
    goldenCase: sampleCase("small-talk-07", { expect: { ...sampleCase("x").expect, mustInclude: [] } }),
    trials: [
      trialReport({ passed: null, scores: { "task.success": { value: null, reason: "nothing expected" } } }),
    ],
  },
  { goldenCase: sampleCase("never-run-08"), trials: [] },
];

function estimate(
  layer: MetricLayer,
  metric: string,
  changes: Partial<Estimate>,
): Estimate & { layer: MetricLayer; description: string } {
  return {
    metric,
    layer,
    description: `What ${metric} means, in one sentence.`,
    unit: "proportion",
    direction: "higher",
    value: 0.5,
    lower: null,
    upper: null,
    level: 0.95,
    n: 6,
    unscored: {},
    clusters: 6,
    method: "wilson",
    ...changes,
  };
}

const faithfulness = estimate("generation", "generation.faithfulness", {
  value: 0.5833,
  lower: 0.32,
  upper: 0.84,
  method: "clustered-t",
  clusters: 5,
  unscored: { "no answer": 1 },
});
const latency = estimate("operations", "operations.latency_p95", {
  unit: "ms",
  direction: "lower",
  value: 1234.5,
  method: "order-statistics",
  reason: "an upper limit at 95 % needs 72 trials",
});
const success = estimate("agent", "task.success", { value: 2 / 6, lower: 0.0968, upper: 0.7 });

const estimates = [
  estimate("retrieval", "retrieval.hit_rate", { value: 1, lower: 0.6097, upper: 1 }),
  faithfulness,
  success,
  estimate("agent", "agent.tool_accuracy", {
    value: null,
    n: 0,
    method: "none",
    reason: "no case expects tool calls",
  }),
  latency,
  estimate("operations", "operations.cost_per_success", {
    unit: "usd",
    direction: "lower",
    value: 0.00315,
    lower: 0.001,
    upper: 0.0061,
    method: "ratio",
  }),
  estimate("safety", "safety.violations", { unit: "count", direction: "lower", value: 0, method: "none" }),
];

const gate: GateReport = {
  verdict: "fail",
  notes: [],
  reasons: [
    "1 of 9 trials could not be executed; run them again with agentctl eval --retry-errors 20261121-065500-k3f9.",
    "generation.faithfulness fails: The whole interval lies below: its upper limit is 0.84, wanted at least 0.85.",
  ],
  runId: RUN_ID,
  gatesHash: "9".repeat(64),
  datasetHash: "d".repeat(64),
  agentVersion: "a".repeat(64),
  results: [
    {
      ...unjudged({ severity: "major" }, "threshold", "generation.faithfulness"),
      metric: "generation.faithfulness",
      required: "lower bound >= 0.85",
      min: 0.85,
      max: null,
      bound: "lower",
      estimate: faithfulness,
      calibration: null,
      verdict: "fail",
      severity: "critical",
      reason: "The whole interval lies below: its upper limit is 0.84, wanted at least 0.85.",
    },
    {
      ...unjudged({ severity: "major" }, "threshold", "operations.latency_p95"),
      metric: "operations.latency_p95",
      required: "upper bound <= 3500 ms",
      min: null,
      max: 3500,
      bound: "upper",
      estimate: latency,
      calibration: null,
      verdict: "inconclusive",
      severity: "minor",
      reason: "There is no upper bound: an upper limit at 95 % needs 72 trials.",
    },
    {
      ...unjudged({ severity: "major" }, "threshold", "safety.violations"),
      metric: "safety.violations",
      required: "<= 0",
      min: null,
      max: 0,
      bound: "estimate",
      estimate: estimates[6] ?? null,
      calibration: null,
      verdict: "pass",
      severity: "critical",
      reason: "Measured 0, wanted at most 0.",
    },
  ],
  skipped: [],
  flaky: [],
};

/** A run with every outcome there is, hostile texts and a holdout case. */
export function sampleReport(changes: Partial<RunReport> = {}): RunReport {
  const run: RunHeader = sampleRun(RUN_ID, {
    status: "interrupted",
    finishedAt: "2026-11-21T06:56:05.000Z",
    trialsPerCase: 1,
  });
  return {
    run,
    estimates,
    cases,
    totals: {
      planned: 9,
      completed: 7,
      errors: 1,
      passed: 2,
      failed: 4,
      durationMs: 65_000,
      costUsd: 0.0126,
      costUnknown: 1,
      cachedCalls: 0,
      userCostUsd: 0,
    },
    usage: [],
    gate,
    comparison: null,
    ...changes,
  };
}

/** A trace with every kind of span; the texts of case hostile-05 are hostile. */
export const sampleTraces: TraceLoader = (caseId, trial) => sampleTrace(caseId, trial);

export function sampleTrace(caseId: string, trial: number): Trace {
  const text = caseId === "hostile-05" ? HOSTILE : caseId === "holdout-06" ? SECRET : "Let me look that up.";
  const at = (ms: number) => new Date(Date.UTC(2026, 10, 21, 6, 55, 1) + ms).toISOString();
  return {
    traceId: `trace-${caseId}-${trial}`,
    transcript: [
      { role: "user", text: `question of ${caseId}` },
      { role: "assistant", text },
    ],
    replies: [text],
    answer: text,
    modelCalls: [
      {
        callId: "m1",
        sequence: 0,
        speaker: "agent",
        provider: "openai",
        model: "gpt-4o",
        startedAt: at(0),
        durationMs: 800,
        text: null,
        toolCallIds: ["t1"],
        usage: { inputTokens: 1200, outputTokens: 45 },
        costUsd: 0.0034,
        cached: false,
        timed: true,
        finishReason: "tool_calls",
        attempt: 1,
      },
      {
        callId: "m2",
        sequence: 8,
        speaker: "agent",
        provider: "openai",
        model: "gpt-4o",
        startedAt: at(1000),
        durationMs: null,
        text,
        toolCallIds: [],
        usage: null,
        costUsd: null,
        cached: false,
        timed: true,
        finishReason: null,
        attempt: 2,
      },
    ],
    toolCalls: [
      {
        callId: "t1",
        sequence: 2,
        name: "look_up_order",
        arguments: { order_id: "W123", note: text },
        sideEffect: false,
        startedAt: at(810),
        durationMs: 60,
        result: '{"status":"shipped"}',
        isError: false,
        turn: 0,
      },
      {
        callId: "t2",
        sequence: 4,
        name: "cancel_order",
        arguments: { order_id: "W123" },
        sideEffect: true,
        startedAt: at(880),
        durationMs: 40,
        result: "Error: order has shipped",
        isError: true,
        turn: 0,
      },
    ],
    retrievals: [
      {
        query: "return window lamp",
        sequence: 6,
        topK: 5,
        startedAt: at(930),
        durationMs: 12,
        chunks: [
          { documentId: "refund-policy", chunkId: "refund-policy#1", title: "Refunds", text, score: 7.4321 },
          {
            documentId: "refund-policy-2019",
            chunkId: "refund-policy-2019#1",
            title: "Refunds (2019)",
            text: "Returns are taken within fourteen days.",
            score: 6.9,
          },
        ],
      },
    ],
    guardrails: [{ rule: "no-injection", action: "flag", detail: text }],
    steps: [],
    errors: [{ code: "PROVIDER_UNAVAILABLE", message: "503 once, then fine", isRetryable: true }],
  };
}
