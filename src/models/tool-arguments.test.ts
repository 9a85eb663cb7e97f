import { expect, it } from "vitest";
import { toolCallFromText } from "./tool-arguments.js";

const nested = (levels: number) => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;

it("reads arguments, and none from an empty text", () => {
  expect(toolCallFromText("1", "f", '{"a":1}')).toEqual({ id: "1", name: "f", arguments: { a: 1 } });
  expect(toolCallFromText("1", "f", " ")).toEqual({ id: "1", name: "f", arguments: {} });
});

it.each(["[1]", "null", '{"a":', nested(201), nested(100_000)])(
  "keeps what is no usable object as text",
  (text) => {
    expect(toolCallFromText("1", "f", text)).toEqual({
      id: "1",
      name: "f",
      arguments: {},
      malformedArguments: text,
    });
  },
);

it("takes values that are nested less deeply", () => {
  expect(toolCallFromText("1", "f", nested(150)).malformedArguments).toBeUndefined();
});
