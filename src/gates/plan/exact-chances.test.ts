import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { thresholdGateSchema } from "../../config/gates/gate-schema.js";
import { taskSuccess } from "../../metrics/agent/task-success.js";
import { exactNonInferiority, exactThreshold } from "./exact-chances.js";
import { sampleWorld } from "./testing/plan-samples.js";

interface Chances {
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
}

const oracle = JSON.parse(
  readFileSync(new URL("../../../test/oracles/decision-chances.json", import.meta.url), "utf8"),
) as {
  readonly paired: readonly (Chances & {
    readonly n: number;
    readonly lostRate: number;
    readonly wonRate: number;
    readonly margin: number;
    readonly alpha: number;
  })[];
  readonly single: readonly (Chances & {
    readonly n: number;
    readonly rate: number;
    readonly min: number;
    readonly bound: string;
  })[];
};

function expectChances(found: Chances, wanted: Chances): void {
  for (const verdict of ["pass", "fail", "inconclusive"] as const) {
    expect(found[verdict]).toBeCloseTo(wanted[verdict], 8);
  }
}

describe("exact chances", () => {
  it.each(oracle.paired)("of paired non-inferiority agree with SciPy: n $n, margin $margin", (one) => {
    const { n, lostRate, wonRate, margin, alpha } = one;
    // Of all passes (rate 1) the drop turns over lostRate - wonRate, beside the discordance that is there anyway.
    const rate = 1;
    const drop = lostRate - wonRate;
    const turned = drop / rate;
    const discordant = turned === 1 ? 0 : (2 * wonRate) / (1 - turned);
    expectChances(exactNonInferiority({ cases: n, rate, discordant }, "higher", margin, alpha, drop), one);
  });

  it.each(oracle.single)(
    "of a threshold agree with statsmodels: $rate of $n against $min ($bound)",
    (one) => {
      const world = sampleWorld(one.n, 0.9);
      const rule = thresholdGateSchema.parse({ metric: "task.success", min: one.min, bound: one.bound });
      expectChances(exactThreshold(world, rule, taskSuccess, { cases: one.n })(one.rate), one);
    },
  );

  it("of a metric of which less is better mirror those of its complement", () => {
    const good = exactNonInferiority({ cases: 90, rate: 0.8, discordant: 0.2 }, "higher", 0.1, 0.05, 0.05);
    const bad = exactNonInferiority({ cases: 90, rate: 0.2, discordant: 0.2 }, "lower", 0.1, 0.05, 0.05);
    expectChances(bad, good);
  });

  it("block more the larger the drop", () => {
    const passes = [0, 0.01, 0.02, 0.05, 0.1].map(
      (drop) =>
        exactNonInferiority({ cases: 200, rate: 0.8, discordant: 0.2 }, "higher", 0.05, 0.05, drop).pass,
    );
    expect(passes).toEqual([...passes].sort((a, b) => b - a));
    expect(passes[3]).toBeLessThan(0.06);
  });

  it("of thousands of cases sum to 1 and take no second", () => {
    const started = performance.now();
    const facts = { cases: 20_000, rate: 0.9, discordant: 0.1 };
    const chances = exactNonInferiority(facts, "higher", 0.01, 0.05, 0);
    expect(chances.pass + chances.fail + chances.inconclusive).toBeCloseTo(1, 9);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
