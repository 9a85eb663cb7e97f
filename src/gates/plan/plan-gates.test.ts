import { describe, expect, it } from "vitest";
import { taskSuccess } from "../../metrics/agent/task-success.js";
import { latencyPercentile } from "../../metrics/operations/latency.js";
import { assumedRows } from "./assumed-rows.js";
import { drawRuns } from "./draw-runs.js";
import { exactNonInferiority } from "./exact-chances.js";
import { planGates } from "./plan-gates.js";
import { poolFacts } from "./pool-facts.js";
import { simulateScenarios } from "./simulate.js";
import { sampleWorld } from "./testing/plan-samples.js";

const NO_WORSE = { metric: "task.success", no_worse_than: "main", margin: 0.1, name: "no worse" };
const SIZES = { drops: [0.05, 0.1], ratios: [1.25, 2] };

describe("drawn runs", () => {
  it("have the rate and the discordance that the plan says they have", () => {
    const { pool, seed } = sampleWorld(200, 0.8, { discordant: 0.2 });
    const facts = poolFacts(pool, "task.success");
    expect(facts.rate).toBeCloseTo(0.8, 9);
    expect(facts.discordant).toBeCloseTo(0.2, 9);
    let passed = 0;
    let differing = 0;
    for (let round = 0; round < 200; round += 1) {
      const { candidate, baseline } = drawRuns(pool, 1, seed, round);
      const before = baseline();
      candidate.forEach((row, index) => {
        const [own, other] = [row, before[index]].map((one) => one?.scores["task.success"]?.value);
        passed += own ?? 0;
        if (own !== other) differing += 1;
      });
    }
    // Four standard errors of 40,000 cases.
    expect(Math.abs(passed / 40_000 - 0.8)).toBeLessThan(4 * Math.sqrt((0.8 * 0.2) / 40_000));
    expect(Math.abs(differing / 40_000 - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / 40_000));
  });

  it("are the same for the same seed and round", () => {
    const { pool } = sampleWorld(20, 0.8);
    const rows = (seed: number, round: number) => JSON.stringify(drawRuns(pool, 2, seed, round).candidate);
    expect(rows(3, 5)).toBe(rows(3, 5));
    expect(rows(3, 5)).not.toBe(rows(3, 6));
    expect(rows(3, 5)).not.toBe(rows(4, 5));
  });
});

describe("the judge on drawn runs", () => {
  it("decides as often as the exact sums say", { timeout: 60_000 }, () => {
    const world = sampleWorld(80, 0.8, { gates: [NO_WORSE], draws: 1000 });
    const { rate, discordant } = poolFacts(world.pool, "task.success");
    const scenarios = [0, 0.05, 0.1].map((size) =>
      size === 0 ? ({ kind: "same" } as const) : ({ kind: "drop", size } as const),
    );
    const rules = world.rules.gates.map((rule) => {
      return { rule, name: "no worse", draws: world.draws, isShown: () => true };
    });
    simulateScenarios(world, scenarios, rules, world.draws).forEach(({ gates, policy }, index) => {
      const planted = scenarios[index];
      const drop = planted?.kind === "drop" ? planted.size : 0;
      const facts = { cases: 80, rate: rate ?? 0, discordant: discordant ?? 0 };
      const exact = exactNonInferiority(facts, "higher", 0.1, 0.05, drop);
      const found = gates.get("no worse");
      for (const verdict of ["pass", "fail"] as const) {
        const error = Math.sqrt((Math.max(exact[verdict], 0.001) * (1 - exact[verdict])) / 1000);
        expect(Math.abs((found?.[verdict] ?? 0) - exact[verdict])).toBeLessThan(4 * error);
      }
      // The policy is this one rule; what is inconclusive counts as a failure there.
      expect(policy.pass).toBe(found?.pass);
      expect(policy.inconclusive).toBe(0);
    });
  });
});

describe("a plan", () => {
  it("sums what is independent, and draws what is not", () => {
    const exact = planGates(sampleWorld(60, 0.9, { gates: [NO_WORSE], draws: 50 }), SIZES, true);
    const trials = planGates(
      sampleWorld(60, 0.9, { gates: [NO_WORSE], draws: 50, trialsPerCase: 2 }),
      SIZES,
      true,
    );
    const grouped = planGates(
      sampleWorld(60, 0.9, { gates: [NO_WORSE], draws: 50, groupSize: 3 }),
      SIZES,
      true,
    );
    expect(exact.gates.map(({ method }) => method)).toEqual(["exact"]);
    expect([trials, grouped].map(({ gates }) => gates[0]?.method)).toEqual(["simulation", "simulation"]);
    expect(exact.gates[0]?.scenarios[0]?.standardError).toBeNull();
    expect(trials.gates[0]?.scenarios[0]?.standardError).toBeGreaterThan(0);
  });

  it("says which rules do not depend on outcomes, and leaves them out of the policy", () => {
    const gates = [
      { coverage: "reviewed", min: 1 },
      { metric: "task.success", trend: "not-falling", runs: 3 },
    ];
    const plan = planGates(sampleWorld(20, 0.9, { gates, draws: 20 }), SIZES, true);
    expect(plan.gates.map(({ method, note }) => [method, note])).toEqual([
      ["none", "depends on the golden set alone"],
      ["none", "depends on the runs before"],
    ]);
    expect(plan.policy).toEqual([]);
  });

  it("knows nothing of times before a run, but how they compare", () => {
    const metrics = [taskSuccess, latencyPercentile(95)];
    const gates = [
      { metric: "latency.p95_ms", max: 3000 },
      { metric: "latency.p95_ms", no_worse_than: "main", margin: "20%", name: "tail" },
    ];
    const plan = planGates(sampleWorld(120, 0.9, { gates, metrics, draws: 40 }), SIZES, true);
    expect(plan.gates[0]?.note).toContain("run the suite once");
    expect(plan.gates[1]?.method).toBe("simulation");
    const blocked = plan.gates[1]?.scenarios.map(({ planted, pass }) => [planted.kind, 1 - pass]);
    expect(blocked?.map(([kind]) => kind)).toEqual(["same", "ratio", "ratio"]);
    expect(blocked?.[2]?.[1]).toBe(1);
  });

  it("draws forbidden failures from their own cases", () => {
    const rows = assumedRows([taskSuccess], 0.5)
      .slice(0, 40)
      .map((row, index) => ({
        ...row,
        caseId: `case-${index}`,
        group: `group-${index}`,
        scores: { "task.success": { value: index < 5 ? 1 : 0 } },
      }));
    const gates = [{ must_pass: ["case-0", "case-1"], name: "never again" }];
    const plan = planGates(sampleWorld(40, 0.5, { gates, rows, discordant: 0, draws: 50 }), SIZES, false);
    expect(plan.gates[0]?.scenarios[0]).toMatchObject({ pass: 1, fail: 0 });
  });
});
