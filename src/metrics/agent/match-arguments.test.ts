import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExpectedToolCall } from "../../core/golden-case.js";
import type { Json } from "../../core/hash.js";
import type { JsonSchema } from "../../core/message.js";
import { anyOfMatches, standardiseText } from "./any-of-arguments.js";
import { jsonSchemaOf } from "./argument-types.js";
import { maximumMatching } from "./bipartite-matching.js";
import { callMatches } from "./match-arguments.js";
import { PythonTuple, type PythonValue, WholeFloat } from "./python-values.js";
import { toolCallAgreement } from "./tool-calls.js";

type Args = ExpectedToolCall["args"];

function matches(expected: Omit<ExpectedToolCall, "name">, actual: Args): boolean {
  return callMatches({ name: "f", ...expected }, { name: "f", arguments: actual });
}

/** Whether a value of one argument is acceptable, its type as in BFCL's functions. */
function accepts(type: Json, answers: readonly PythonValue[], value: PythonValue, isExact = true): boolean {
  const schema = {
    type: "dict",
    properties: { x: typeof type === "string" ? { type } : type },
    required: ["x"],
  };
  return anyOfMatches({ x: answers }, { x: value }, { schema: schema as JsonSchema, tolerance: 0, isExact });
}

describe("callMatches", () => {
  it("compares by value in exact mode, which is the default", () => {
    expect(matches({ args: { a: 1, b: ["x"] } }, { b: ["x"], a: 1 })).toBe(true);
    expect(matches({ args: { a: 1 } }, { a: 1, b: 2 })).toBe(false);
    expect(matches({ args: { a: 1 }, argsMode: "exact" }, { a: "1" })).toBe(false);
  });

  it("lets further arguments be in subset mode, and no expected one be missing", () => {
    expect(matches({ args: { a: 1 }, argsMode: "subset" }, { a: 1, b: 2 })).toBe(true);
    expect(matches({ args: { a: 1 }, argsMode: "subset" }, { b: 2 })).toBe(false);
    expect(matches({ args: { a: { c: 1 } }, argsMode: "subset" }, { a: { c: 1, d: 2 } })).toBe(false);
  });

  it("takes texts as patterns of the whole value in regex mode", () => {
    const expected = { args: { a: "A-\\d+|none", b: 2 }, argsMode: "regex" } as const;
    expect(matches(expected, { a: "A-10", b: 2 })).toBe(true);
    expect(matches(expected, { a: "A-10 x", b: 2 })).toBe(false);
    expect(matches(expected, { a: "A-10", b: 3 })).toBe(false);
    expect(matches(expected, { a: "none" })).toBe(false);
    expect(matches({ args: { n: "\\d\\d" }, argsMode: "regex" }, { n: 42 })).toBe(true);
    expect(matches({ args: { n: "(" }, argsMode: "regex" }, { n: "(" })).toBe(false);
  });

  it.each(["exact", "subset", "any_of", "regex"] as const)("has a tolerance in %s mode", (argsMode) => {
    const args = { a: argsMode === "any_of" ? [1] : 1 };
    expect(matches({ args, argsMode, tolerance: 0.25 }, { a: 1.25 })).toBe(true);
    expect(matches({ args, argsMode, tolerance: 0.25 }, { a: 1.26 })).toBe(false);
    expect(matches({ args, argsMode }, { a: 1.25 })).toBe(false);
  });

  it("demands the schema in every mode", () => {
    const argsSchema = { type: "object", properties: { a: { type: "string" } } };
    expect(matches({ args: {}, argsMode: "subset", argsSchema }, { a: "x" })).toBe(true);
    expect(matches({ args: {}, argsMode: "subset", argsSchema }, { a: 1 })).toBe(false);
    expect(matches({ args: { a: [1] }, argsMode: "any_of", argsSchema }, { a: 1 })).toBe(true);
    expect(matches({ args: { a: [1, "x"] }, argsMode: "any_of", argsSchema }, { a: 1.5 })).toBe(false);
  });

  it("never matches malformed arguments or another name", () => {
    expect(callMatches({ name: "f", args: {} }, { name: "f", arguments: {}, isMalformed: true })).toBe(false);
    expect(callMatches({ name: "f", args: {} }, { name: "g", arguments: {} })).toBe(false);
  });

  it("any_of without a schema takes each acceptable value's own type", () => {
    const args = { a: ["New York", 5], b: [["x, y"], ""], c: [{ d: [1, ""] }, ""] };
    expect(matches({ args, argsMode: "any_of" }, { a: "new york" })).toBe(true);
    expect(matches({ args, argsMode: "any_of" }, { a: 5, b: ["XY"], c: {} })).toBe(true);
    expect(matches({ args, argsMode: "any_of" }, { a: "5" })).toBe(false);
    expect(matches({ args, argsMode: "any_of" }, { b: ["XY"] })).toBe(false);
  });
});

describe("anyOfMatches, as the checker of BFCL", () => {
  it.each<[string, Json, readonly PythonValue[], PythonValue, boolean]>([
    ["an int where a float is wanted", "float", [new WholeFloat(5)], 5, true],
    ["no float where an int is wanted", "integer", [5], new WholeFloat(5), false],
    ["no bool where an int is wanted", "integer", [1], true, false],
    ["no int where a bool is wanted", "boolean", [true], 1, false],
    ["no text where a number is wanted", "integer", [5], "5", false],
    ["texts by their letters", "string", ["April 1, 2024"], "april 1 2024", true],
    ["quotes alike", "string", ["it's"], 'it"s', true],
    ["no other text", "string", ["a"], "b", false],
    ["a variable, as it is", "integer", ["count"], "count", true],
    ["a variable with regard to case", "integer", ["count"], "Count", false],
    ["a number for any", "any", [5], 5, true],
    ["lists in order", { type: "array", items: { type: "integer" } }, [[1, 2]], [2, 1], false],
    ["texts in lists", { type: "array", items: { type: "string" } }, [["A b"]], ["ab"], true],
    [
      "no ints in lists of floats",
      { type: "array", items: { type: "float" } },
      [[new WholeFloat(1)]],
      [1],
      false,
    ],
    ["ints where the gold has ints", { type: "array", items: { type: "float" } }, [[1]], [1], true],
    ["a tuple for a tuple", { type: "tuple", items: { type: "integer" } }, [[1]], new PythonTuple([1]), true],
    [
      "no tuple for an array",
      { type: "array", items: { type: "integer" } },
      [[1]],
      new PythonTuple([1]),
      false,
    ],
    [
      "an empty list where nothing will do",
      { type: "array", items: { type: "integer" } },
      [[1], ""],
      [],
      true,
    ],
    ["dicts with lists of values", "dict", [{ a: ["X", "y"], b: [1, ""] }], { a: "x" }, true],
    ["no missing key", "dict", [{ a: ["x"], b: [1] }], { a: "x" }, false],
    ["no other key", "dict", [{ a: ["x"] }], { a: "x", b: 1 }, false],
    [
      "lists of dicts",
      { type: "array", items: { type: "dict" } },
      [[{ a: [1] }, { a: [2, 3] }]],
      [{ a: 1 }, { a: 3 }],
      true,
    ],
    [
      "no shorter list of dicts",
      { type: "array", items: { type: "dict" } },
      [[{ a: [1] }, { a: [2] }]],
      [{ a: 1 }],
      false,
    ],
  ])("accepts %s", (_, type, answers, value, isAccepted) => {
    expect(accepts(type, answers, value)).toBe(isAccepted);
  });

  it("takes a whole number for either type where values came through JSON", () => {
    expect(accepts({ type: "array", items: { type: "float" } }, [[1, 2.5]], [1, 2.5], false)).toBe(true);
    expect(accepts("integer", [5], 5.5, false)).toBe(false);
  });

  it("refuses arguments that the function or the gold answer does not list, and missing ones", () => {
    const schema = { type: "dict", properties: { a: { type: "integer" } }, required: ["a"] };
    const options = { schema, tolerance: 0, isExact: true };
    expect(anyOfMatches({ a: [1, ""] }, { a: 1 }, options)).toBe(true);
    expect(anyOfMatches({ a: [1, ""] }, {}, options)).toBe(false);
    expect(anyOfMatches({ a: [1], b: [1] }, { a: 1, b: 1 }, options)).toBe(false);
    expect(anyOfMatches({}, { a: 1 }, options)).toBe(false);
    const optional = { ...options, schema: { ...schema, required: [] } };
    expect(anyOfMatches({ a: [1, ""] }, {}, optional)).toBe(true);
    expect(anyOfMatches({ a: [1] }, {}, optional)).toBe(false);
  });

  it("standardises once: doing it again changes nothing, and case and spaces never matter", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
        const once = standardiseText(text);
        expect(standardiseText(once)).toBe(once);
        expect(standardiseText(` ${text.toUpperCase()} `)).toBe(standardiseText(text.toLowerCase()));
      }),
    );
  });
});

describe("jsonSchemaOf", () => {
  it("writes BFCL's type words as JSON Schema's and leaves names and data alone", () => {
    const schema = {
      type: "dict",
      properties: {
        type: { type: "tuple", items: { type: "float" } },
        any: { type: "any", default: { type: "dict" } },
      },
    };
    expect(jsonSchemaOf(schema)).toEqual({
      type: "object",
      properties: { type: { type: "array", items: { type: "number" } }, any: { default: { type: "dict" } } },
    });
  });
});

/** The largest matching by trying everything. */
function tried(
  left: number,
  right: number,
  fits: (i: number, j: number) => boolean,
  used = new Set<number>(),
  i = 0,
): number {
  if (i === left) return 0;
  let best = tried(left, right, fits, used, i + 1);
  for (let j = 0; j < right; j++) {
    if (used.has(j) || !fits(i, j)) continue;
    used.add(j);
    best = Math.max(best, 1 + tried(left, right, fits, used, i + 1));
    used.delete(j);
  }
  return best;
}

describe("maximumMatching", () => {
  it("is the largest there is", () => {
    const grid = fc.array(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), { maxLength: 5 });
    fc.assert(
      fc.property(grid, (rows) => {
        const fits = (i: number, j: number) => rows[i]![j]!;
        expect(maximumMatching(rows.length, 5, fits)).toBe(tried(rows.length, 5, fits));
      }),
    );
  });

  it("pairs calls where a greedy choice would not", () => {
    const expected: ExpectedToolCall[] = [
      { name: "f", args: { a: [1, ""] }, argsMode: "any_of" },
      { name: "f", args: { a: [1] }, argsMode: "any_of" },
    ];
    const made = [
      { name: "f", arguments: { a: 1 } },
      { name: "f", arguments: {} },
    ];
    expect(toolCallAgreement(expected, made, "unordered")).toBe(1);
    expect(toolCallAgreement(expected, made, "subset")).toBe(1);
    expect(toolCallAgreement(expected, made, "exact")).toBe(0.5);
    expect(toolCallAgreement(expected, made, "ordered")).toBe(0.5);
  });

  it("takes thousands of calls", () => {
    expect(maximumMatching(2000, 2000, (i, j) => i === j || i === j + 1)).toBe(2000);
  });
});
