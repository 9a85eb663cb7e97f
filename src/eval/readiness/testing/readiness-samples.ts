import type { ThresholdGate } from "../../../config/gates/gate-schema.js";
import { parseGatesFile } from "../../../config/gates/parse-gates-file.js";
import { parseAnyAgentFile } from "../../../config/parse-agent-file.js";
import { type GoldenCase, NOTHING_EXPECTED } from "../../../core/golden-case.js";
import type { MetricLayer } from "../../../core/score.js";
import { isThreshold } from "../../../gates/gate-kind.js";
import type { GateReport, GateResult } from "../../../gates/gate-report.js";
import { sampleEstimate } from "../../../gates/testing/gate-samples.js";
import { metricByName, metricNames } from "../../../metrics/registry.js";
import type { AgentFacts, GatesFacts, PlacedRule, ReadinessFacts, RunFacts, ToolFacts } from "../facts.js";
import { writtenYaml } from "../written-yaml.js";

const NOW = Date.parse("2026-11-21T12:00:00Z");

export const READY_AGENT = `name: shop
prompt: { version: "3", text: Help. }
model:
  provider: openai
  name: model-2026-01-01
  timeout_ms: 30000
  max_retries: 2
  fallbacks:
    - { provider: anthropic, name: other-2026-02-02, timeout_ms: 30000, max_retries: 1 }
retrieval: { documents: docs }
limits: { timeout_ms: 60000 }
guardrails: { input: true }
ledger: { repeats: turn }
tools: []
`;

export const READY_GATES = `version: 1
gates:
  - { metric: latency.p95_ms, max: 3500 }
  - { metric: error_rate, max: 0.02, bound: upper }
  - { metric: cost.per_success_usd, max: 0.08 }
  - { metric: task.success, min: 0.8, bound: lower }
  - { metric: task.success, no_worse_than: baseline, margin: 0.05 }
canary:
  steps: [{ traffic: 5%, bake: 1h }, { traffic: 100%, bake: 1h }]
  rollback_triggers:
    p95_latency: { threshold: "+500ms vs baseline", window: 15m }
    cost_per_conversation: { threshold: "+10% vs baseline", window: 15m }
`;

export function toolFacts(changes: Partial<ToolFacts> = {}): ToolFacts {
  return {
    name: "refund",
    reversibility: "irreversible",
    permission: "orders:refund",
    caps: [{ path: "amount", max: 50 }],
    needsConfirmation: true,
    isIdempotent: false,
    amounts: ["amount"],
    ...changes,
  };
}

export function agentFacts(text: string, changes: Partial<AgentFacts> = {}): AgentFacts {
  return {
    file: "agents/shop.yaml",
    config: parseAnyAgentFile(text, "agents/shop.yaml"),
    lineOf: writtenYaml(text).lineOf,
    tools: { known: [toolFacts()], unseen: [], layers: ["permission", "caps", "confirmation"] },
    parts: {},
    ...changes,
  };
}

/** @param verdict - of every threshold on the run */
export function gatesFacts(text: string, verdict: GateResult["verdict"] = "pass"): GatesFacts {
  const names = { metrics: metricNames, unitOf: (name: string) => metricByName(name)?.unit };
  const config = parseGatesFile(text, "gates.yaml", names);
  const { lineOf } = writtenYaml(text);
  const rules = config.gates.map(
    (rule, index): PlacedRule => ({ rule, place: `gates.yaml:${lineOf(["gates", index])}` }),
  );
  const results = config.gates.filter(isThreshold).map((rule) => resultOf(rule, verdict));
  return {
    file: "gates.yaml",
    config,
    rules,
    canaryLine: lineOf(["canary"]),
    baselines: [{ reference: "main", found: "run r0" }],
    report: { verdict, results } as unknown as GateReport,
  };
}

function resultOf(rule: ThresholdGate, verdict: GateResult["verdict"]): GateResult {
  return {
    name: rule.metric,
    kind: "threshold",
    metric: rule.metric,
    required: "",
    min: rule.min ?? null,
    max: rule.max ?? null,
    bound: rule.bound,
    estimate: null,
    baseline: null,
    difference: null,
    calibration: null,
    verdict,
    severity: "major",
    reason: "Said so.",
    toSettle: null,
    parts: [],
    cases: [],
    waiver: null,
  };
}

function sampleCase(index: number, changes: Partial<GoldenCase> = {}): GoldenCase {
  return {
    id: `c${index}`,
    input: { kind: "text", text: "?" },
    expect: NOTHING_EXPECTED,
    environment: null,
    risk: index % 2 === 0 ? "high" : "low",
    tags: [["faq", "refund", "regression"][index % 3] as string],
    group: `g${index}`,
    split: index % 5 === 0 ? "holdout" : "dev",
    review: { status: "approved", by: "ann", at: "2026-11-01" },
    line: index + 1,
    hash: `h${index}`,
    ...changes,
  };
}

/** @param count - of cases, each a group of its own */
export function sampleCases(count: number, changes: Partial<GoldenCase> = {}): readonly GoldenCase[] {
  return Array.from({ length: count }, (_, index) => sampleCase(index, changes));
}

export function runFacts(changes: Partial<RunFacts> = {}): RunFacts {
  const estimate = (metric: string, layer: MetricLayer) => ({
    ...sampleEstimate({ metric, lower: 0.01, upper: 0.95 }),
    layer,
  });
  return {
    id: "r1",
    finishedAt: "2026-11-20T12:00:00Z",
    promptVersion: "3",
    agentVersion: "abcdef012345",
    parts: {},
    provider: "openai",
    model: "model-2026-01-01",
    trialsPerCase: 3,
    repeatedCases: 400,
    disagreeingCases: 7,
    estimates: [
      estimate("retrieval.hit_rate", "retrieval"),
      estimate("faithfulness", "generation"),
      estimate("task.success", "agent"),
      estimate("latency.p95_ms", "operations"),
      estimate("error_rate", "operations"),
      estimate("cost.per_success_usd", "operations"),
      estimate("safety.violations", "safety"),
    ],
    traces: {
      trials: 400,
      modelCalls: 500,
      namedModelCalls: 500,
      models: ["openai/model-2026-01-01"],
      searches: 400,
      recordedSearches: 400,
      toolCalls: 100,
      recordedToolCalls: 100,
      silent: { modelCalls: 0, searches: 0, toolCalls: 0 },
    },
    ...changes,
  };
}

/** A project of which every item is met. */
export function readyFacts(changes: Partial<ReadinessFacts> = {}): ReadinessFacts {
  return {
    now: NOW,
    suite: "main",
    projectFile: "agentctl.yaml",
    agents: [agentFacts(READY_AGENT)],
    gates: gatesFacts(READY_GATES),
    dataset: { file: "golden.jsonl", cases: sampleCases(400) },
    run: runFacts(),
    safetyRuns: [
      {
        id: "s1",
        suite: "safety",
        finishedAt: "2026-11-20T12:00:00Z",
        agentVersion: "abcdef012345",
        parts: {},
        successRate: 0,
        attacks: 55,
        verdict: "pass",
      },
    ],
    judgements: {
      labels: 12,
      authors: 2,
      lastLabelAt: "2026-11-19T12:00:00Z",
      judgeFiles: ["tone"],
      judges: [
        {
          judge: "tone",
          rubric: "tone",
          judgeVersion: "v",
          kind: "file",
          verdicts: 200,
          otherVersions: 0,
          lastAt: "2026-11-19T12:00:00Z",
          state: "calibrated",
          calibration: {
            kappa: 0.81,
            lower: 0.7,
            upper: 0.9,
            n: 120,
            floor: 0.6,
            at: "2026-11-01T00:00:00Z",
            expiresAt: "2027-02-01T00:00:00Z",
            reason: "",
          },
        },
      ],
    },
    secrets: {
      files: ["agentctl.yaml", "agents/shop.yaml"],
      found: [],
      variables: [{ name: "OPENAI_API_KEY", place: "agents/shop.yaml:5" }],
      isEnvCommitted: false,
    },
    ...changes,
  };
}
