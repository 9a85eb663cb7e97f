import { describe, expect, it } from "vitest";
import { chiSquareUpperTail } from "./chi-square.js";
import { StatisticsError } from "./statistics-error.js";

describe("chi-square upper tail", () => {
  // mpmath 1.2.1, gammainc(d/2, x/2, regularized=True) at 40 digits
  it.each([
    [0.16, 1, 0.6891565167793516],
    [3.84, 1, 0.050043521248705106],
    [50, 1, 1.537459794428035e-12],
    [1000, 1, 1.7958327848007262e-219],
    [1e-6, 2, 0.999999500000125],
    [700, 10, 6.28014669923595e-144],
    [5, 100, 1],
    [200, 100, 1.1784500720979422e-8],
    [1000, 1000, 0.49405285382923964],
  ])("P(X > %d) with %d degrees", (x, degrees, wanted) => {
    expect(Math.abs(chiSquareUpperTail(x, degrees) / wanted - 1)).toBeLessThan(5e-13);
  });

  it("knows the ends", () => {
    expect(chiSquareUpperTail(0, 3)).toBe(1);
    expect(chiSquareUpperTail(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(chiSquareUpperTail(1e6, 3)).toBe(0);
  });

  it.each([
    [-1, 1],
    [Number.NaN, 1],
    [1, 0],
    [1, Number.POSITIVE_INFINITY],
  ])("refuses x = %d with %d degrees", (x, degrees) => {
    expect(() => chiSquareUpperTail(x, degrees)).toThrow(StatisticsError);
  });
});
