import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pythonFloat, pythonNumber, roundToCents } from "./python-number.js";

describe("pythonFloat", () => {
  it.each([
    [0.1 + 0.2, "0.30000000000000004"],
    [1e16, "1e+16"],
    [9999999999999998, "9999999999999998.0"],
    [1e-4, "0.0001"],
    [1.5e-5, "1.5e-05"],
    [1e300, "1e+300"],
    [-12.5, "-12.5"],
    [-0, "-0.0"],
    [Number.POSITIVE_INFINITY, "inf"],
  ])("prints %d as repr does: %s", (value, text) => {
    expect(pythonFloat(value)).toBe(text);
  });

  it("reads back as the same number", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(finite, (value) => Object.is(Number(pythonFloat(value)), value)));
  });
});

describe("pythonNumber", () => {
  it.each([
    [5, "5"],
    [-0, "0"],
    [470.5, "470.5"],
    [1e21, "1000000000000000000000"],
  ])("prints %d as %s", (value, text) => {
    expect(pythonNumber(value)).toBe(text);
  });
});

describe("roundToCents", () => {
  it.each([
    [0.125, 0.12],
    [0.375, 0.38],
    [-0.125, -0.12],
    [2.675, 2.67],
    [2 ** 50 - 0.875, 1125899906842623.1],
  ])("rounds %d to %d, ties to even", (value, rounded) => {
    expect(roundToCents(value)).toBe(rounded);
  });

  it("never moves a price by more than half a cent, and rounds once", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        const rounded = roundToCents(value);
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.005 + 1e-9);
        expect(roundToCents(rounded)).toBe(rounded);
      }),
    );
  });
});
