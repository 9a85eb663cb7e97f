import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replaceModel } from "./replace-model.js";

const replaced = (text: string, model = "new") => replaceModel(Buffer.from(text), model).toString();

describe("another model in a body", () => {
  it.each([
    ['{"model":"old"}', '{"model":"new"}'],
    [
      '{ "a": [1, {"model": "x"}], "model" : "o\\"ld" , "b": "model" }',
      '{ "a": [1, {"model": "x"}], "model" : "new" , "b": "model" }',
    ],
    ['{"mod\\u0065l":"old"}', '{"mod\\u0065l":"new"}'],
    ['{"model":"a","model":"b"}', '{"model":"new","model":"new"}'],
    ['{"big":12345678901234567890,"model":"ü"}', '{"big":12345678901234567890,"model":"new"}'],
  ])("%s", (before, after) => {
    expect(replaced(before)).toBe(after);
  });

  it.each([
    '{"x":"model"}',
    '["model","old"]',
    '"model"',
    "",
    "{",
    '{"model":7}',
    '{"model":{"a":"b"}}',
    '{"model":"cut',
  ])("leaves %j that names none as JSON does, or loses nothing else", (text) => {
    const other = replaced(text);
    expect(other === text || other.startsWith('{"model":')).toBe(true);
  });

  it("changes nothing but the model of any object", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (rest, model) => {
        const body = { ...rest, model: "old", after: [rest] };
        expect(JSON.parse(replaced(JSON.stringify(body), model))).toEqual(
          JSON.parse(JSON.stringify({ ...body, model })),
        );
      }),
      { numRuns: 200 },
    );
  });
});
