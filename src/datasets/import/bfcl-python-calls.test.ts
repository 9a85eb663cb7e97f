import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PythonTuple, WholeFloat } from "../../metrics/agent/python-values.js";
import { callsInPython } from "./bfcl-python-calls.js";
import { parsePythonJson } from "./bfcl-python-json.js";

/** The value of `x` in the one call of a text. */
function valueOfX(text: string) {
  const calls = callsInPython(`[f(x=${text})]`);
  return calls === null ? "undecodable" : calls[0]?.args.x;
}

describe("callsInPython", () => {
  it.each([
    ["1", 1],
    ["-1", -1],
    ["1_000", 1000],
    ["0x1F", 31],
    ["0.5", 0.5],
    [".5", 0.5],
    ["5.0", new WholeFloat(5)],
    ["1e3", new WholeFloat(1000)],
    ["True", true],
    ["None", null],
    ["false", "false"],
    ["'a' \"b\"", "ab"],
    ["'it\\'s\\n\\x41\\u00e9\\q'", "it's\nAé\\q"],
    ["r'\\d'", "\\d"],
    ['"""two\nlines"""', "two\nlines"],
    ["[1, 'a', [None]]", [1, "a", [null]]],
    ["(1, 2)", new PythonTuple([1, 2])],
    ["(1)", 1],
    ["{'a': {'b': [1]}}", { a: { b: [1] } }],
    ["g(1, 2)", "g(1, 2)"],
    ["a.g(b=1)", { "a.g": { b: 1 } }],
    ["rows[0]", "rows[0]"],
    ["7 // 2 + 2 ** 3", 11],
    ["6 / 3", new WholeFloat(2)],
    ["+5", -5],
  ])("reads %s", (text, value) => {
    expect(valueOfX(text)).toEqual(value);
  });

  it.each([
    "05",
    "'open",
    "Unit.METRIC",
    "f'{y}'",
    "lambda: 1",
    "1 if y else 2",
    "1 / 0",
    "{1, 2}",
    "y for y in z",
    "*y",
    "class",
  ])("finds no value in %s", (text) => {
    expect(valueOfX(text)).toBe("undecodable");
  });

  it("takes the argument's last value, drops positional ones and marks unpacked ones", () => {
    expect(callsInPython("f(1, y > 2, a=1, a=2, **more)")).toEqual([
      { name: "f", args: { a: 2, "**": "more" } },
    ]);
    expect(callsInPython("f(a=1, 2)")).toBeNull();
  });

  it("reads several calls, dotted names, backticks, missing brackets and what follows thoughts", () => {
    const two = [
      { name: "f", args: {} },
      { name: "g.h", args: { a: 1 } },
    ];
    for (const text of [
      "[f(), g.h(a=1)]",
      "f(), g.h(a=1)",
      "```\n[f(), g.h(a=1),]\n```",
      "<think>[x(</think>\n [f(), g.h(a=1)]",
    ]) {
      expect(callsInPython(text)).toEqual(two);
    }
    expect(callsInPython("[]")).toEqual([]);
  });

  it.each([
    "No function matches.",
    "None",
    "Sure! [f()]",
    "[f()] done",
    "```python\n[f()]\n```",
    "[f(), 1]",
    "",
    "}",
  ])("finds no calls in %j", (text) => {
    expect(callsInPython(text) ?? []).toEqual([]);
  });

  it("never throws, and refuses what is nested beyond its limits", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."f(a=1,')[]{}.:\"\\ \n*-0x5e_") }), (text) => {
        callsInPython(text);
      }),
    );
    expect(callsInPython(`f(a=${"[".repeat(5000)}${"]".repeat(5000)})`)).toBeNull();
    expect(callsInPython(`f(a=${"1+".repeat(50_000)}1)`)).toBeNull();
    expect(callsInPython(`f(a=${"-".repeat(50_000)}1)`)).toBeNull();
    expect(callsInPython(`${"f.".repeat(50_000)}g()`)).toBeNull();
  });

  it("reads back any JSON value that Python writes the same way", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        fc.integer(),
        fc.string().map((text) => text.replaceAll("\u007f", "")),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(fc.string({ unit: "grapheme-ascii" }), tie("any"), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (any) => {
        expect(valueOfX(JSON.stringify(any))).toEqual(JSON.parse(JSON.stringify(any)));
      }),
    );
  });
});

describe("parsePythonJson", () => {
  it("keeps whole floats apart from ints, and leaves numbers within texts alone", () => {
    expect(parsePythonJson('{"a": 5.0, "b": 5, "c": 0.5, "d": "1.0 \\" 2e3", "e": [-1e2, 1E-2]}')).toEqual({
      a: new WholeFloat(5),
      b: 5,
      c: 0.5,
      d: '1.0 " 2e3',
      e: [new WholeFloat(-100), 0.01],
    });
    expect(() => parsePythonJson('{"a": 5.}')).toThrow(SyntaxError);
  });
});
