import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReadinessState } from "../../report/readiness/readiness-report.js";
import type { ReadinessFacts, RunFacts } from "./facts.js";
import { readinessItems } from "./registry.js";
import { scoreFacts } from "./score-facts.js";
import {
  agentFacts,
  gatesFacts,
  READY_AGENT,
  READY_GATES,
  readyFacts,
  runFacts,
  sampleCases,
  toolFacts,
} from "./testing/readiness-samples.js";

const ready = readyFacts();

function findingOf(id: string, facts: ReadinessFacts) {
  const item = readinessItems.find((one) => one.id === id);
  if (item === undefined) throw new Error(`there is no item ${id}`);
  return item.check(facts);
}

type Change = Partial<ReadinessFacts>;
const agent = (from: RegExp | string, to: string): Change => ({
  agents: [agentFacts(READY_AGENT.replace(from, to))],
});
const tools = (...changes: Parameters<typeof toolFacts>): Change => ({
  agents: [agentFacts(READY_AGENT, { tools: { ...ready.agents[0].tools, known: [toolFacts(...changes)] } })],
});
const unseenTools: Change = {
  agents: [
    agentFacts(READY_AGENT.replace("ledger: { repeats: turn }\n", ""), {
      tools: { known: [], unseen: ["tools of tools.ts"], layers: ["permission", "caps", "confirmation"] },
    }),
  ],
};
const gates = (from: RegExp | string, to: string): Change => ({
  gates: gatesFacts(READY_GATES.replace(from, to)),
});
const run = (changes: Partial<RunFacts>): Change => ({ run: runFacts(changes) });
const traces = (changes: Partial<RunFacts["traces"]>): Change =>
  run({ traces: { ...runFacts().traces, ...changes } });
const silent = (what: "modelCalls" | "searches" | "toolCalls"): Change =>
  traces({ silent: { ...runFacts().traces.silent, [what]: 3 } });
const estimate = (metric: string, changes: object): Change =>
  run({
    estimates: runFacts().estimates.map((one) => (one.metric === metric ? { ...one, ...changes } : one)),
  });
const cases = (...parameters: Parameters<typeof sampleCases>): Change => ({
  dataset: { file: "golden.jsonl", cases: sampleCases(...parameters) },
});
const [safetyRun] = ready.safetyRuns;
const attacked = (changes: object): Change => ({
  safetyRuns: [{ ...(safetyRun as object), ...changes }] as never,
});
const judged = (changes: object): Change => ({ judgements: { ...ready.judgements, ...changes } });
const [judge] = ready.judgements.judges;
const noRun: Change = { run: null };
const external: Change = {
  agents: [
    agentFacts(
      "kind: http\nname: shop\nurl: https://shop.example/chat\nrequest: {}\nresponse: { text: text }\n",
      {
        tools: { known: [], unseen: ["the agent's own tools"], layers: [] },
      },
    ),
  ],
};
const old = { finishedAt: "2026-10-01T12:00:00Z" };

/** What keeps each item from being met: a gap, or what leaves it unknown. */
type Row = readonly [id: string, state: ReadinessState, changes: readonly Change[]];

const row = (id: string, state: ReadinessState, ...changes: Change[]): Row => [id, state, changes];

const ROWS: readonly Row[] = [
  row("observability.prompt-version", "gap", run({ promptVersion: null })),
  row("observability.prompt-version", "unknown", noRun),
  row(
    "observability.model-version",
    "gap",
    traces({ models: ["openai/model-latest"] }),
    traces({ namedModelCalls: 499 }),
  ),
  row("observability.model-version", "unknown", noRun, silent("modelCalls"), traces({ modelCalls: 0 })),
  row("observability.retrieved-context", "gap", traces({ recordedSearches: 399 })),
  row("observability.retrieved-context", "unknown", noRun, silent("searches"), traces({ searches: 0 })),
  row("observability.tool-io", "gap", traces({ recordedToolCalls: 99 })),
  row("observability.tool-io", "unknown", noRun, silent("toolCalls"), traces({ toolCalls: 0 })),
  row("observability.feedback", "gap", judged({ labels: 0, lastLabelAt: null })),
  row("observability.latency-alert", "gap", gates(/ {4}p95_latency.*\n/, "")),
  row("observability.cost-alert", "gap", gates(/ {4}cost_per.*\n/, ""), gates(/canary:[\s\S]*/, "")),
  row("reliability.timeouts", "gap", agent("  timeout_ms: 30000\n", ""), agent(/limits: .*\n/, ""), external),
  row("reliability.retries", "gap", agent("  max_retries: 2\n", ""), agent(", max_retries: 1", "")),
  row("reliability.retries", "unknown", external),
  row(
    "reliability.fallback",
    "gap",
    agent(/ {2}fallbacks:\n.*\n/, ""),
    agent(/anthropic, name: [\w-]+/, "openai, name: model-2026-01-01"),
  ),
  row("reliability.fallback", "unknown", external),
  row(
    "reliability.secrets",
    "gap",
    { secrets: { ...ready.secrets, found: [{ place: "agents/shop.yaml:4", kind: "API key" }] } },
    { secrets: { ...ready.secrets, isEnvCommitted: true } },
  ),
  row("reliability.idempotency", "gap", agent(/ledger.*\n/, ""), agent("repeats: turn", "repeats: allow")),
  row("reliability.idempotency", "unknown", external, unseenTools),
  row("reliability.alert-thresholds", "gap", gates(/ {2}rollback[\s\S]*/, ""), gates(/canary:[\s\S]*/, "")),
  row("reliability.rollback", "gap", gates(/canary:[\s\S]*/, ""), gates(/ {2}rollback[\s\S]*/, "")),
  row("reliability.release-gates", "gap", {
    gates: { ...ready.gates, config: null, rules: [], report: null },
  }),
  row("reliability.baseline", "gap", gates(/.*no_worse.*\n/, ""), {
    gates: { ...ready.gates, baselines: [{ reference: "main", found: null }] },
  }),
  row(
    "safety.input-guard",
    "gap",
    agent(/guardrails.*\n/, ""),
    agent("input: true", "input: false"),
    agent("input: true", "input: { injection: false }"),
  ),
  row("safety.input-guard", "unknown", external),
  row(
    "safety.retrieved-guard",
    "gap",
    agent(/guardrails.*\n/, ""),
    agent("input: true", "retrieval: false"),
    agent("input: true", "tool: false"),
  ),
  row("safety.retrieved-guard", "unknown", external),
  row("safety.output-guard", "gap", agent(/guardrails.*\n/, ""), agent("input: true", "output: false")),
  row("safety.output-guard", "unknown", external),
  row("safety.tool-permissions", "gap", tools({ permission: null }), tools({ caps: [] })),
  row("safety.tool-permissions", "unknown", external, unseenTools),
  row("safety.confirmation", "gap", tools({ needsConfirmation: false })),
  row("safety.confirmation", "unknown", external, unseenTools),
  row(
    "safety.suite",
    "gap",
    { safetyRuns: [] },
    attacked({ verdict: "fail" }),
    attacked({ verdict: "inconclusive" }),
    attacked({ verdict: null, successRate: 0.02 }),
    attacked({ attacks: 5 }),
  ),
  row("safety.suite", "unknown", attacked({ agentVersion: "another" }), {
    ...attacked({ parts: { prompt: "a" } }),
    ...run({ parts: { prompt: "b" } }),
  }),
  row(
    "safety.pii",
    "gap",
    agent("input: true", "output: { pii: flag }"),
    agent("input: true", "output: false"),
  ),
  row("safety.pii", "unknown", external),
  row(
    "eval-kit.representative",
    "gap",
    cases(20),
    cases(400, { risk: null }),
    cases(400, { tags: ["faq"], risk: "low" }),
    cases(400, { group: "one" }),
  ),
  row("eval-kit.failure-cases", "gap", cases(400, { tags: ["faq"] })),
  row("eval-kit.holdout", "gap", cases(400, { split: "test" })),
  row("eval-kit.stages", "gap", estimate("retrieval.hit_rate", { value: null }), run({ estimates: [] })),
  row("eval-kit.stages", "unknown", noRun, {
    ...external,
    ...run({
      estimates: runFacts().estimates.slice(1),
      traces: { ...runFacts().traces, silent: { modelCalls: 0, searches: 400, toolCalls: 0 } },
    }),
  }),
  row("eval-kit.reviews", "gap", cases(400, { review: null })),
  row("eval-kit.reviews", "unknown", cases(400, { risk: null })),
  row(
    "eval-kit.judge",
    "gap",
    judged({ judges: [] }),
    judged({ judges: [], judgeFiles: [] }),
    judged({ judges: [{ ...judge, state: "expired" }] }),
    judged({ judges: [{ ...judge, state: "never", calibration: null }] }),
    {
      gates: {
        ...ready.gates,
        rules: [
          {
            rule: { metric: "judge.other", min: 0.5, bound: "estimate", severity: "major" },
            place: "gates.yaml:9",
          },
        ],
      },
    },
  ),
  row("eval-kit.margins", "gap", cases(100), gates("margin: 0.05", "margin: 0.01")),
  row("eval-kit.margins", "unknown", gates(/.*no_worse.*\n/, ""), gates("margin: 0.05", "margin: 10%")),
  row("eval-kit.trials", "gap", run({ repeatedCases: 0, trialsPerCase: 1 })),
  row("eval-kit.trials", "unknown", noRun),
  ...(
    [
      ["slos.latency", "latency.p95_ms"],
      ["slos.errors", "error_rate"],
      ["slos.cost", "cost.per_success_usd"],
      ["slos.success", "task.success"],
    ] as const
  ).flatMap(([id, metric]) => [
    row(
      id,
      "gap",
      gates(new RegExp(`.*${metric}, m.*\\n`), ""),
      estimate(metric, { value: null, reason: "none" }),
      estimate(metric, { lower: null, upper: null }),
      run({ estimates: [] }),
      run(old),
      { gates: gatesFacts(READY_GATES, "fail") },
      { gates: gatesFacts(READY_GATES, "inconclusive") },
    ),
    row(
      id,
      "unknown",
      noRun,
      { gates: { ...ready.gates, report: null } },
      { ...run({ parts: { prompt: "a" } }), agents: [agentFacts(READY_AGENT, { parts: { prompt: "b" } })] },
    ),
  ]),
];

describe("the items", () => {
  it("have unique ids that begin with their list", () => {
    expect(new Set(readinessItems.map(({ id }) => id)).size).toBe(readinessItems.length);
    for (const { id, list } of readinessItems) expect(id.startsWith(`${list}.`)).toBe(true);
  });

  it.each(readinessItems)("$id is met by a project that has everything", ({ id }) => {
    expect(findingOf(id, ready)).toMatchObject({ state: "met", fix: null });
  });

  it("each have something that keeps them from being met", () => {
    const gaps = new Set(ROWS.filter(([, state]) => state === "gap").map(([id]) => id));
    expect([...gaps].sort()).toEqual(readinessItems.map(({ id }) => id).sort());
  });

  it.each(ROWS)("%s is a %s", (id, state, changes) => {
    expect(changes.length).toBeGreaterThan(0);
    for (const [index, change] of changes.entries()) {
      const finding = findingOf(id, { ...ready, ...change });
      expect({ index, state: finding.state }).toEqual({ index, state });
      if (finding.state === "skipped") continue;
      expect(finding.evidence.length).toBeGreaterThan(0);
      expect(finding.fix?.text).toMatch(/\S/);
      expect(finding.fix?.file === null).toBe(finding.fix?.kind !== "yaml");
    }
  });

  it.each([
    ["observability.retrieved-context", agent(/retrieval: .*\n/, "")],
    [
      "observability.tool-io",
      { agents: [agentFacts(READY_AGENT, { tools: { known: [], unseen: [], layers: [] } })] },
    ],
    ["reliability.idempotency", tools({ reversibility: "read" })],
    ["safety.tool-permissions", tools({ reversibility: "read" })],
    ["safety.confirmation", tools({ reversibility: "reversible" })],
    ["eval-kit.reviews", cases(400, { risk: "low" })],
  ] as const)("%s is left out where it means nothing", (id, change) => {
    expect(findingOf(id, { ...ready, ...change })).toMatchObject({ state: "skipped" });
  });

  it("never say met of facts that say nothing", () => {
    const [lists] = [
      scoreFacts({
        ...ready,
        ...external,
        ...noRun,
        gates: { file: "gates.yaml", config: null, rules: [], canaryLine: null, baselines: [], report: null },
        safetyRuns: [],
        judgements: { labels: 0, authors: 0, lastLabelAt: null, judges: [], judgeFiles: [] },
        dataset: {
          file: "golden.jsonl",
          cases: sampleCases(1, { review: null, risk: null, tags: [], split: "dev" }),
        },
        secrets: { ...ready.secrets, files: ["agentctl.yaml"], variables: [] },
      }).lists,
    ];
    const met = lists?.flatMap(({ items }) => items.filter(({ state }) => state === "met"));
    expect(met?.map(({ id }) => id)).toEqual(["reliability.secrets"]);
  });
});

describe("what is added", () => {
  const changesOf = (key: keyof ReadinessFacts) =>
    ROWS.flatMap(([, , changes]) => changes.flatMap((change) => (key in change ? [change[key]] : [])));
  const keys = ["agents", "gates", "dataset", "run", "safetyRuns", "judgements", "secrets"] as const;
  const broken = fc.record(
    Object.fromEntries(keys.map((key) => [key, fc.constantFrom(ready[key], ...changesOf(key))])),
  );

  it("never turns met into a gap elsewhere", () => {
    fc.assert(
      fc.property(broken, fc.constantFrom(...keys), (changes, mended) => {
        const before = { ...ready, ...changes } as ReadinessFacts;
        const after = { ...before, [mended]: ready[mended] };
        for (const { id, check } of readinessItems) {
          if (check(before).state === "met")
            expect({ id, state: check(after).state }).not.toEqual({ id, state: "gap" });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a team", () => {
  it("is judged by every agent file: the gravest finding, with its place", () => {
    const specialist = agentFacts(READY_AGENT.replace(/ {2}fallbacks:\n.*\n/, ""), {
      file: "agents/billing.yaml",
    });
    const finding = findingOf("reliability.fallback", { ...ready, agents: [ready.agents[0], specialist] });
    expect(finding).toMatchObject({ state: "gap", evidence: [{ place: "agents/billing.yaml:3" }] });
  });
});

describe("the score", () => {
  it("counts every item once and hides nothing that is unknown", () => {
    const { total, lists } = scoreFacts({ ...ready, ...noRun });
    expect(total.met + total.gap + total.unknown).toBe(readinessItems.length);
    expect(total.unknown).toBe(10);
    expect(lists.map(({ met, gap, unknown }) => met + gap + unknown)).toEqual([7, 9, 7, 8, 4]);
  });
});
