import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../stats/random.js";
import { compareMeans } from "./compare-means.js";
import { cellsOf } from "./testing/value-cells.js";

const ALL = { canary: () => true, stable: () => true, groupOf: () => 0 };
const TOLERANCE = { direction: 1, marginOf: () => 0.03, alpha: 0.05, beta: 0.05 } as const;

const alternating = (units: number, valueAt: (index: number) => number) =>
  cellsOf(
    Array.from({ length: units }, (_, index) => ({
      arm: index % 2 === 0 ? "canary" : "stable",
      value: valueAt(index),
    })),
  );

type Arrived = Parameters<typeof cellsOf>[0][number];

describe("ruling harm out", () => {
  it("is seldom wrong about rare failures, looked at again and again", () => {
    let wrong = 0;
    for (let run = 0; run < 60; run++) {
      const random = new SeededRandom(run);
      const values: Arrived[] = [];
      for (let look = 1; look <= 10; look++) {
        for (let index = 0; index < 80; index++) {
          const isCanary = random.nextUnit() < 0.5;
          const isBad = random.nextUnit() < 0.005 + (isCanary ? 0.03 : 0);
          values.push({ arm: isCanary ? "canary" : "stable", value: Number(isBad) });
        }
        if (!compareMeans(cellsOf(values), ALL, TOLERANCE, "rate").isHarmRuledOut) continue;
        wrong += 1;
        break;
      }
    }
    expect(wrong / 60).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt(0.0475 / 60));
  });

  it("takes evidence also where nothing ever failed", () => {
    const perfect = (units: number) => alternating(units, () => 0);
    expect(compareMeans(perfect(60), ALL, TOLERANCE, "rate").isHarmRuledOut).toBe(false);
    expect(compareMeans(perfect(4000), ALL, TOLERANCE, "rate").isHarmRuledOut).toBe(true);
  });

  it("gives no limits on a handful, nor where values never differ", () => {
    const few = alternating(30, (index) => index);
    expect(compareMeans(few, ALL, TOLERANCE, "mean")).toMatchObject({
      lower: null,
      upper: null,
      difference: -1,
    });
    const same = alternating(90, () => 4);
    expect(compareMeans(same, ALL, TOLERANCE, "mean")).toMatchObject({ lower: null, isHarmRuledOut: false });
    expect(compareMeans([], ALL, TOLERANCE, "rate")).toMatchObject({ difference: null, margin: null });
  });
});
