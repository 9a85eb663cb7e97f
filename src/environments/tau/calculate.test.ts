import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calculate } from "./calculate.js";
import { PythonError } from "./python-error.js";

/** What CPython 3.11.7 prints for `str(round(float(eval(expression)), 2))`. */
const ANSWERS: readonly (readonly [string, string])[] = [
  ["2 + 2", "4.0"],
  ["0.1 + 0.2", "0.3"],
  ["100 / 3", "33.33"],
  ["1000000 * 1234567.891", "1234567891000.0"],
  ["10 ** 16", "1e+16"],
  ["123456789 * 987654321 * 1000", "1.2193263111263527e+20"],
  ["0.125", "0.12"],
  ["0.375", "0.38"],
  ["2.675", "2.67"],
  ["1.005", "1.0"],
  ["-0.001", "-0.0"],
  ["-0.0", "-0.0"],
  ["-2 ** 2", "-4.0"],
  ["2 ** -1", "0.5"],
  ["2 ** 3 ** 2", "512.0"],
  ["-7 // 2", "-4.0"],
  ["7.5 // -2", "-4.0"],
  ["0.0 // -5", "-0.0"],
  ["10 ** 400 / 10 ** 399", "10.0"],
  ["00", "0.0"],
  ["012.5", "12.5"],
  [".5 + 1.", "1.5"],
  ["  3", "3.0"],
  ["3 --2", "5.0"],
  ["+ - + 3", "-3.0"],
  ["(((1)))", "1.0"],
  ["9007199254740993 / 1", "9007199254740992.0"],
];

/** Expressions that CPython 3.11.7 refuses, or that the tool refuses before it. */
const REFUSED: readonly string[] = [
  ...["", "()", "...", "1(2)", "3 * (4 - 1", "1 2", "1 .5", "1..5", "007", "1)", "*1", "2 * * 3"],
  ...["100 / 0", "1.0 / 0", "5 // 0", "5.0 // 0", "0 ** -1", "(-8) ** 0.5", "1.5 ** 100000", "10 ** 400"],
  ...["1e3", "abc", "1,000", "2 + 2\n", "9 ** 9 ** 9", `${"(".repeat(201)}1${")".repeat(201)}`],
  ...[`${"-".repeat(100_000)}1`, "9".repeat(4301)],
];

describe("calculate", () => {
  it.each(ANSWERS)("answers %s with %s, as Python does", (expression, answer) => {
    expect(calculate(expression)).toBe(answer);
  });

  it.each(REFUSED)("refuses %.40s", (expression) => {
    expect(() => calculate(expression)).toThrow(PythonError);
  });

  it("either answers or refuses, whatever the expression", () => {
    const text = fc.string({ unit: fc.constantFrom(..."0123456789+-*/(). "), maxLength: 40 });
    fc.assert(
      fc.property(text, (expression) => {
        try {
          expect(calculate(expression)).toMatch(/^(-?[\d.]+(e[+-]\d+)?|-?inf|nan)$/);
        } catch (error) {
          expect(error).toBeInstanceOf(PythonError);
        }
      }),
    );
  });
});
