import { expect, it } from "vitest";
import { boundedJson } from "./bounded-json.js";

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

it.each([
  ["null", null],
  ['{"a":[1,"b"]}', { a: [1, "b"] }],
])("reads %s", (text, value) => {
  expect(boundedJson(text)).toEqual(value);
});

it.each(["", "{", "undefined", nested(202), nested(100_000), `{"a":${nested(201)}}`])(
  "has no value for what is no JSON, or nested too deeply",
  (text) => {
    expect(boundedJson(text)).toBeUndefined();
  },
);

it("reads what is nested less deeply", () => {
  expect(boundedJson(nested(200))).toBeDefined();
});
