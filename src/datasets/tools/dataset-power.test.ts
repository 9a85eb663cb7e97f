import { describe, expect, it } from "vitest";
import { parseDatasetLines } from "../dataset-builder.js";
import { datasetPower } from "./dataset-power.js";

const ASSUMPTIONS = { alpha: 0.05, power: 0.8, rate: 0.9, discordant: 0.1, margins: [0.02, 0.05] };

function casesOf(count: number, perGroup = 1) {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ id: `c${index}`, input: "x", group: `g${Math.floor(index / perGroup)}` }),
  );
  return parseDatasetLines(lines, "golden.jsonl").cases;
}

describe("datasetPower", () => {
  it("says what 60 cases lack", () => {
    const power = datasetPower(casesOf(60), ASSUMPTIONS);
    expect(power.margins).toEqual([
      // Connor's (z_a + z_b)² ψ / δ²: 6.1826 × 0.1 / 0.02² = 1545.6 and / 0.05² = 247.3.
      { margin: 0.02, inAgreement: { needed: 133, missing: 73 }, asAssumed: { needed: 1546, missing: 1486 } },
      { margin: 0.05, inAgreement: { needed: 52, missing: 0 }, asAssumed: { needed: 248, missing: 188 } },
    ]);
    expect(power.latency).toEqual([
      { quantile: 0.95, needed: 72, missing: 12 },
      { quantile: 0.99, needed: 368, missing: 308 },
    ]);
    // z² / (n + z²) with z = 1.6449.
    expect(power.leastMargin).toBeCloseTo(2.70554 / 62.70554, 5);
    // Wilson, R's binom 54/60: 0.7985 to 0.9534.
    expect(power.passRate).toMatchObject({ passed: 54 });
    expect(power.passRate.lower).toBeCloseTo(0.7985, 4);
    expect(power.passRate.upper).toBeCloseTo(0.9534, 4);
  });

  it("carries a 2 % margin from 133 cases on, and not with 132", () => {
    expect(datasetPower(casesOf(133), ASSUMPTIONS).leastMargin).toBeLessThan(0.02);
    expect(datasetPower(casesOf(132), ASSUMPTIONS).leastMargin).toBeGreaterThan(0.02);
  });

  it("counts groups, not cases", () => {
    expect(datasetPower(casesOf(120, 2), ASSUMPTIONS)).toEqual({
      ...datasetPower(casesOf(60), ASSUMPTIONS),
      cases: 120,
    });
  });

  it("says how many cases even the largest difference takes, where none is found", () => {
    const { paired, unpaired } = datasetPower(casesOf(3), ASSUMPTIONS);
    expect(paired.mde).toBeNull();
    expect(paired.atAll).toEqual({ needed: 77, missing: 74 });
    expect(unpaired.mde).toBeNull();
    expect(datasetPower(casesOf(paired.atAll?.needed ?? 0), ASSUMPTIONS).paired.mde).not.toBeNull();
    expect(datasetPower(casesOf(76), ASSUMPTIONS).paired.mde).toBeNull();
  });

  it("finds nothing to plan for where nothing can differ", () => {
    const { paired, unpaired } = datasetPower(casesOf(60), { ...ASSUMPTIONS, rate: 0, discordant: 0 });
    expect([paired, unpaired]).toEqual([
      { mde: null, atAll: null },
      { mde: null, atAll: null },
    ]);
  });
});
