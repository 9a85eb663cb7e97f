import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkJsonKeys } from "./check-json-keys.js";
import { locateJsonError } from "./locate-json-error.js";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const jsonish = fc
  .array(
    fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"',
      "1",
      "-",
      ".",
      "e",
      "0",
      "true",
      "null",
      " ",
      "\\",
      "\\u00e9",
      "x",
      "\t",
    ),
  )
  .map((parts) => parts.join(""));

describe("locateJsonError", () => {
  test("finds an error exactly where JSON.parse refuses a text", () => {
    const mutated = fc
      .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.constantFrom("", ",", '"', "}", "x", "\\", "\n", "0"))
      .map(([json, at, insert]) => {
        const cut = at % (json.length + 1);
        return json.slice(0, cut) + insert + json.slice(cut + 1);
      });
    fc.assert(
      fc.property(fc.oneof(jsonish, mutated, fc.json()), (text) => {
        expect(locateJsonError(text) === null).toBe(isJson(text));
      }),
      { numRuns: 5000 },
    );
  });

  test("the offset lies within the text", () => {
    fc.assert(
      fc.property(jsonish, (text) => {
        const error = locateJsonError(text);
        expect(error?.offset ?? 0).toBeGreaterThanOrEqual(0);
        expect(error?.offset ?? 0).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test("a malformed line of several megabytes is located at once", () => {
    const started = performance.now();
    const text = `{"a":"${"x\\n".repeat(2_000_000)}" "b":1}`;
    expect(locateJsonError(text)?.offset).toBe(text.indexOf('"b"'));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("checkJsonKeys", () => {
  test.each([
    '{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}',
    '{"a":"\\"a\\":1","b":"{\\"a\\":1,\\"a\\":2}"}',
    '["a","a"]',
    '{"a":"a\\\\","b":"b"}',
    '"a"',
  ])("%s is well", (json) => {
    expect(checkJsonKeys(json)).toBeNull();
  });

  test.each([
    '{"a":1,"a":2}',
    '{"x":{"a":1 , "a" : 2}}',
    '{"a":1,"\\u0061":2}',
    '[{"b":[1,{}],"a":[],"a":1}]',
  ])("%s repeats a key", (json) => {
    expect(checkJsonKeys(json)).toBe("duplicate key `a` in one object; keep one");
  });

  test("what JSON.stringify writes never repeats a key", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const json = JSON.stringify(value);
        if (!json.includes("__proto__")) expect(checkJsonKeys(json)).toBeNull();
      }),
    );
  });
});
