import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RecallWeights, recallScore } from "./recall-score.js";

const file = new URL("testing/recall-scores.json", import.meta.url);
const { oracle, rows } = JSON.parse(readFileSync(file, "utf8")) as {
  oracle: string;
  rows: readonly (RecallWeights & { similarity: number; ageMs: number; score: number })[];
};

const share = fc.double({ min: 0, max: 1, noNaN: true });
const age = fc.integer({ min: -1_000_000, max: 4e12 });
const weights = fc.record({ alpha: share, halfLifeMs: fc.double({ min: 1, max: 4e12, noNaN: true }) });

describe("recallScore", () => {
  it(`agrees with ${oracle}`, () => {
    expect(rows).toHaveLength(48);
    for (const { similarity, ageMs, score, ...given } of rows) {
      expect(recallScore(similarity, ageMs, given)).toBeCloseTo(score, 12);
    }
  });

  it("is α·similarity + (1 − α) for what was just said, and half its recency a half-life later", () => {
    const given = { alpha: 0.7, halfLifeMs: 1_000 };
    expect(recallScore(0.5, 0, given)).toBeCloseTo(0.35 + 0.3, 14);
    expect(recallScore(0.5, 1_000, given)).toBeCloseTo(0.35 + 0.15, 14);
    expect(recallScore(0.5, 3_000, given)).toBeCloseTo(0.35 + 0.0375, 14);
  });

  it("stays in 0 to 1, grows with similarity and shrinks with age", () => {
    fc.assert(
      fc.property(share, share, age, age, weights, (one, other, youth, years, given) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        const [younger, older] = [Math.min(youth, years), Math.max(youth, years)];
        const score = recallScore(less, older, given);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(recallScore(more, older, given)).toBeGreaterThanOrEqual(score);
        expect(recallScore(less, younger, given)).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  it("is similarity alone with α of 1, and recency alone with α of 0", () => {
    fc.assert(
      fc.property(share, share, age, weights, (one, other, ageMs, { halfLifeMs }) => {
        expect(recallScore(one, ageMs, { alpha: 1, halfLifeMs })).toBe(one);
        const recency = recallScore(one, ageMs, { alpha: 0, halfLifeMs });
        expect(recallScore(other, ageMs, { alpha: 0, halfLifeMs })).toBe(recency);
      }),
    );
  });

  it("takes a fact from the future for new", () => {
    const given = { alpha: 0.2, halfLifeMs: 10 };
    expect(recallScore(0.3, -500, given)).toBe(recallScore(0.3, 0, given));
  });

  it.each([
    [Number.NaN, { alpha: 0.5, halfLifeMs: 1 }],
    [1.01, { alpha: 0.5, halfLifeMs: 1 }],
    [-0.01, { alpha: 0.5, halfLifeMs: 1 }],
    [0.5, { alpha: 1.5, halfLifeMs: 1 }],
    [0.5, { alpha: 0.5, halfLifeMs: 0 }],
    [0.5, { alpha: 0.5, halfLifeMs: Number.NaN }],
  ])("refuses what is outside its range: %s %o", (similarity, given) => {
    expect(() => recallScore(similarity, 0, given)).toThrow(RangeError);
  });
});
