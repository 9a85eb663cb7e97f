import { describe, expect, it } from "vitest";
import { wilcoxonTests } from "./tests.js";
import { verdictOf } from "./verdict.js";

describe("Wilcoxon's test of means of three trials", () => {
  const thirds = [
    [1, 2],
    [2, 3],
    [0, 1],
    [3, 2],
    [0, 2],
    [1, 3],
    [0, 3],
    [3, 1],
  ] as const;

  it("takes differences that rounding tells apart for ties", () => {
    const told = wilcoxonTests(thirds.map(([before, after]) => after / 3 - before / 3));
    expect(told).toEqual(wilcoxonTests(thirds.map(([before, after]) => after - before)));
    expect(told[0]?.statistics).toEqual({ wPlus: 27.5, nonZero: 8 });
  });

  it("leaves no difference as it is", () => {
    expect(wilcoxonTests([0, 0])[0]).toMatchObject({ p: 1, statistics: { wPlus: 0, nonZero: 0 } });
  });
});

it("a p of exactly 1 - level shows no difference", () => {
  const difference = { value: 1, lower: null, upper: null };
  expect(verdictOf(difference, 0.05, "higher", 1 - 0.95)).toBe("no-difference-shown");
  expect(verdictOf(difference, 0.0499, "higher", 1 - 0.95)).toBe("better");
});
