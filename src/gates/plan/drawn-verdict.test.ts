import { expect, it } from "vitest";
import { taskSuccess } from "../../metrics/agent/task-success.js";
import { latencyPercentile } from "../../metrics/operations/latency.js";
import type { AnyRule } from "../gate-kind.js";
import { judgeGate } from "../judge-gate.js";
import { drawRuns } from "./draw-runs.js";
import { drawnEvidence } from "./drawn-evidence.js";
import { DrawnPair, DrawnRun, layoutOf } from "./drawn-pair.js";
import { drawnJudge } from "./drawn-verdict.js";
import { plantOf } from "./plant.js";
import { type SampleOptions, sampleWorld } from "./testing/plan-samples.js";

const BASELINE = { metric: "task.success", no_worse_than: "main" };
const GATES = [
  { metric: "task.success", min: 0.75, bound: "lower" },
  { ...BASELINE, margin: 0.1 },
  { ...BASELINE, margin: "15%" },
  { ...BASELINE, rule: "significant-drop", margin: 0.02 },
  { metric: "task.success", better_than: "main" },
  { metric: "latency.p95_ms", no_worse_than: "main", margin: "20%" },
  { metric: "latency.p95_ms", max: 3000 },
  { metric: "faithfulness", no_worse_than: "main", margin: 0.1 },
  { must_pass: ["case-0", "case-1", "case-2"] },
  { must_pass: ["case-0", "elsewhere"] },
  { must_pass: "risk = high" },
  { budget: "usd", max: 1 },
  { coverage: "scored", metric: "task.success", min: 0.9 },
  {
    name: "both",
    all: [
      { metric: "task.success", min: 0.7 },
      { ...BASELINE, margin: 0.2 },
    ],
  },
  {
    name: "one",
    any: [
      { metric: "task.success", min: 0.95 },
      { ...BASELINE, margin: 0.2 },
    ],
  },
];
const SLICES = [
  { by: ["risk", "split"], ...BASELINE, margin: 0.1, min_cases: 5 },
  { by: ["group"], ...BASELINE, margin: 0.1, min_cases: 1 },
  { by: ["group"], ...BASELINE, margin: 0, min_cases: 1, correction: "none" },
  { by: ["split"], metric: "task.success", min: 0.7, min_cases: 5 },
];
const PLANTED = [{ kind: "same" }, { kind: "drop", size: 0.3 }, { kind: "ratio", size: 2 }] as const;

it.each<[string, SampleOptions]>([
  ["single outcomes", {}],
  ["several trials", { trialsPerCase: 3 }],
  ["groups of cases", { groupSize: 4 }],
])("verdicts on drawn runs are those of the judge of real runs: %s", (_, options) => {
  const metrics = [taskSuccess, latencyPercentile(95)];
  const world = {
    ...sampleWorld(40, 0.8, { gates: GATES, slices: SLICES, metrics, ...options }),
    resamples: 50,
  };
  const rules: readonly AnyRule[] = [...world.rules.gates, ...(world.rules.slices ?? [])];
  const layout = layoutOf(world, drawRuns(world.pool, world.trialsPerCase, 1, 0).candidate);
  const judges = rules.map((rule) => drawnJudge(rule, "rule", world, layout));
  const seen = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const { planted, baseline } = drawRuns(world.pool, world.trialsPerCase, 1, round);
    for (const one of PLANTED) {
      const rows = planted(plantOf(one, world.pool, world.set.metrics));
      const pair = new DrawnPair(world, layout, new DrawnRun(rows), () => new DrawnRun(baseline()));
      const evidence = drawnEvidence(world, rows, baseline);
      rules.forEach((rule, index) => {
        const { verdict, reason } = judgeGate(rule, { evidence, rules: world.rules, name: "rule" });
        seen.add(`${index} ${verdict}`);
        expect({ rule, verdict: judges[index]?.(pair), reason }).toEqual({ rule, verdict, reason });
      });
    }
  }
  // The rules are near their limits, so that most of them come out in several ways.
  expect(seen.size).toBeGreaterThan(rules.length + 5);
});
