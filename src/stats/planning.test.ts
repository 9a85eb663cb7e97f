import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mdeMcnemar } from "./mde-mcnemar.js";
import { mdeTwoProportions } from "./mde-two-proportions.js";
import { powerMcnemar } from "./power-mcnemar.js";
import { powerTwoProportions } from "./power-two-proportions.js";
import { SeededRandom } from "./random.js";
import { sampleSizeMcnemar } from "./sample-size-mcnemar.js";
import {
  powerNoninferiorityPaired,
  sampleSizeNoninferiorityPaired,
} from "./sample-size-noninferiority-paired.js";
import { sampleSizeTwoProportions } from "./sample-size-two-proportions.js";
import { StatisticsError } from "./statistics-error.js";

const rate = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const design = fc.record({
  alpha: fc.constantFrom(0.01, 0.05, 0.1),
  power: fc.constantFrom(0.5, 0.8, 0.9, 0.99),
  sides: fc.constantFrom(1 as const, 2 as const),
});
const methods = ["pooled", "average", "unpooled", "arcsine"] as const;

describe("two proportions", () => {
  it("0.95 against 0.98 takes 588 an arm, and not 4293", () => {
    const sizes = methods.map((method) => sampleSizeTwoProportions(0.95, 0.98, { method }).nPerArm);
    expect(sizes).toEqual([588, 590, 586, 562]);
    expect(powerTwoProportions(0.95, 0.98, 587)).toBeLessThan(0.8);
    expect(powerTwoProportions(0.95, 0.98, 588)).toBeGreaterThan(0.8);
  });

  /** R 4.2.2 power.prop.test. */
  it("agrees with R", () => {
    expect(powerTwoProportions(0.5, 0.75, 50)).toBeCloseTo(0.7401659013313879, 12);
    expect(sampleSizeTwoProportions(0.5, 0.75, { power: 0.9 }).nExact).toBeCloseTo(76.70692845177744, 9);
  });

  it("size and power undo each other, in either order of the rates", () => {
    fc.assert(
      fc.property(rate, rate, design, fc.constantFrom(...methods), (p1, p2, wanted, method) => {
        fc.pre(Math.abs(p1 - p2) > 0.01);
        const { nPerArm, nExact } = sampleSizeTwoProportions(p1, p2, { ...wanted, method });
        expect(sampleSizeTwoProportions(p2, p1, { ...wanted, method }).nExact).toBeCloseTo(nExact!, 6);
        expect(powerTwoProportions(p1, p2, nPerArm!, { ...wanted, method })!).toBeGreaterThanOrEqual(
          wanted.power - 1e-9,
        );
        fc.pre(nPerArm! > 1);
        expect(powerTwoProportions(p1, p2, nPerArm! - 1, { ...wanted, method })!).toBeLessThan(
          wanted.power + 1e-9,
        );
      }),
    );
  });

  it("the least detectable effect takes just the size it was asked for, and shrinks with it", () => {
    fc.assert(
      fc.property(
        rate,
        fc.integer({ min: 2, max: 100_000 }),
        design,
        fc.constantFrom("drop" as const, "rise" as const),
        (p1, n, wanted, direction) => {
          const mde = mdeTwoProportions(p1, n, { ...wanted, direction });
          const least = mdeTwoProportions(p1, 2 * n, { ...wanted, direction });
          if (mde === null) {
            const end = direction === "drop" ? 0 : 1;
            expect(sampleSizeTwoProportions(p1, end, wanted).nExact!).toBeGreaterThan(n * (1 - 1e-9));
            return;
          }
          const p2 = direction === "drop" ? p1 - mde : p1 + mde;
          expect(least!).toBeLessThan(mde);
          fc.pre(mde > 1e-6);
          expect(sampleSizeTwoProportions(p1, p2, wanted).nExact! / n).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it("has no size for equal rates, no effect out of reach, and refuses bad designs", () => {
    expect(sampleSizeTwoProportions(0.5, 0.5)).toEqual({ nExact: null, nPerArm: null });
    expect(sampleSizeTwoProportions(0, 1, { method: "unpooled" })).toEqual({ nExact: 0, nPerArm: 1 });
    expect(mdeTwoProportions(0, 1000, { direction: "drop" })).toBeNull();
    expect(mdeTwoProportions(1, 1000, { direction: "rise" })).toBeNull();
    expect(mdeTwoProportions(0.9, 0)).toBeNull();
    expect(powerTwoProportions(0.9, 0.8, 0)).toBeNull();
    expect(powerTwoProportions(1, 1, 10)).toBeNull();
    expect(powerTwoProportions(0.9, 0.9, 10, { sides: 1 })).toBeCloseTo(0.05, 12);
    for (const power of [0, 1, -1, Number.NaN]) {
      expect(() => sampleSizeTwoProportions(0.5, 0.6, { power })).toThrow(StatisticsError);
    }
    expect(() => sampleSizeTwoProportions(0.5, 0.6, { alpha: 1 })).toThrow(StatisticsError);
    expect(() => sampleSizeTwoProportions(0.5, 1.1)).toThrow(StatisticsError);
    expect(() => sampleSizeTwoProportions(0.5, 0.6, { sides: 3 as 2 })).toThrow(StatisticsError);
    expect(() => sampleSizeTwoProportions(0.5, 0.6, { method: "exact" as "pooled" })).toThrow(
      "arcsine, found exact",
    );
    expect(() => mdeTwoProportions(0.5, 2.5)).toThrow(StatisticsError);
  });
});

describe("McNemar", () => {
  const rates = fc
    .tuple(fc.double({ min: 0.02, max: 0.9, noNaN: true }), fc.double({ min: 0.1, max: 1, noNaN: true }))
    .map(([discordant, lean]) => ({ discordant, difference: discordant * lean }));

  it("size, power and least effect undo each other", () => {
    fc.assert(
      fc.property(rates, design, ({ discordant, difference }, wanted) => {
        const [b, c] = [(discordant + difference) / 2, (discordant - difference) / 2];
        const { nExact, nPairs } = sampleSizeMcnemar(b, c, wanted);
        expect(sampleSizeMcnemar(c, b, wanted).nExact).toBe(nExact);
        expect(powerMcnemar(b, c, nPairs!, wanted)!).toBeGreaterThanOrEqual(wanted.power - 1e-9);
        const mde = mdeMcnemar(discordant, nPairs!, wanted);
        if (mde !== null) {
          expect(mde).toBeLessThanOrEqual(difference + 1e-9);
          const reached = sampleSizeMcnemar((discordant + mde) / 2, (discordant - mde) / 2, wanted).nExact!;
          expect(reached / nPairs!).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it("reaches the power that it promises, in simulated runs", () => {
    const random = new SeededRandom(3);
    const { nPairs } = sampleSizeMcnemar(0.2, 0.08, { sides: 1 });
    let rejected = 0;
    const rounds = 3000;
    for (let round = 0; round < rounds; round++) {
      let [b, c] = [0, 0];
      for (let pair = 0; pair < nPairs!; pair++) {
        const u = random.nextUnit();
        if (u < 0.2) b++;
        else if (u < 0.28) c++;
      }
      if ((b - c) / Math.sqrt(b + c) > 1.6448536269514722) rejected++;
    }
    expect(Math.abs(rejected / rounds - 0.8)).toBeLessThan(0.03);
  });

  it("has no answer without difference or data", () => {
    expect(sampleSizeMcnemar(0.1, 0.1)).toEqual({ nExact: null, nPairs: null });
    expect(sampleSizeMcnemar(0, 0)).toEqual({ nExact: null, nPairs: null });
    expect(powerMcnemar(0, 0, 10)).toBeNull();
    expect(powerMcnemar(0.1, 0.2, 0)).toBeNull();
    expect(mdeMcnemar(0, 100)).toBeNull();
    expect(mdeMcnemar(0.05, 10)).toBeNull();
    expect(() => sampleSizeMcnemar(0.6, 0.5)).toThrow(StatisticsError);
    expect(() => mdeMcnemar(1.5, 10)).toThrow(StatisticsError);
  });
});

describe("paired non-inferiority", () => {
  it("follows (za + zb)^2 psi / delta^2, and names the size below which no gate passes", () => {
    const got = sampleSizeNoninferiorityPaired(0.1, 0.05);
    expect(got.nExact).toBeCloseTo(((1.6448536269514722 + 0.8416212335729143) / 0.05) ** 2 * 0.1, 9);
    expect(got.nPairs).toBe(248);
    expect(got.leastToPass).toBe(52);
    expect(sampleSizeNoninferiorityPaired(0.1, 0.02).leastToPass).toBe(133);
    expect(sampleSizeNoninferiorityPaired(0, 0.02)).toMatchObject({ nExact: 0, nPairs: 1 });
    expect(powerNoninferiorityPaired(0.1, 0.05, 248)!).toBeGreaterThan(0.8);
    expect(powerNoninferiorityPaired(0.1, 0.05, 247)!).toBeLessThan(0.8);
    expect(powerNoninferiorityPaired(0.1, 0.05, 0)).toBeNull();
    expect(powerNoninferiorityPaired(0, 0.05, 10)).toBeNull();
    for (const margin of [0, 1, -0.1]) {
      expect(() => sampleSizeNoninferiorityPaired(0.1, margin)).toThrow(StatisticsError);
    }
  });
});
