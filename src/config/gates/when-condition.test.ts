import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimsOf } from "./boolean-expression.js";
import { CHANGEABLE_PARTS, conditionHolds, parseWhenCondition } from "./when-condition.js";

const RUN = {
  suite: ["airline"],
  tag: ["main", "two words"],
  provider: ["openai"],
  model: ["gpt"],
  agent: ["a"],
};

function holds(text: string, changed: Readonly<Record<string, boolean>> = {}): boolean | null | string {
  const parsed = parseWhenCondition(text);
  if ("problem" in parsed) return parsed.problem;
  return conditionHolds(parsed.value, {
    changed: (part) => changed[part] ?? null,
    valuesOf: (fact) => RUN[fact],
  });
}

describe("a condition", () => {
  it.each([
    ["changed(prompt)", { prompt: true }, true],
    ["changed(prompt)", { prompt: false }, false],
    ["changed(prompt)", {}, null],
    ["not changed(prompt)", { prompt: true }, false],
    ["not changed(prompt)", {}, null],
    ["changed(model) or changed(tools)", { model: false, tools: true }, true],
    ["changed(model) or changed(tools)", { tools: true }, true],
    ["changed(model) or changed(tools)", { tools: false }, null],
    ["changed(model) and changed(tools)", { tools: false }, false],
    ["changed(model) and changed(tools)", { tools: true }, null],
    ["not changed(model) and changed(tools)", { model: false, tools: true }, true],
    ["not (changed(model) and changed(tools))", { model: false, tools: true }, true],
    [
      "changed(model) or changed(tools) and changed(prompt)",
      { model: true, tools: false, prompt: false },
      true,
    ],
    [
      "(changed(model) or changed(tools)) and changed(prompt)",
      { model: true, tools: false, prompt: false },
      false,
    ],
    ["suite = airline", {}, true],
    ["suite != airline", {}, false],
    ["tag = main and suite=airline", {}, true],
    ['tag = "two words"', {}, true],
    ["tag = 'nightly'", {}, false],
    ["tag != nightly and provider = openai and model = gpt and agent = a", {}, true],
    ["not not suite = airline", {}, true],
  ])("%s with %o is %s", (text, changed, expected) => {
    expect(holds(text, changed)).toBe(expected);
  });

  it.each([
    ["", "is empty"],
    ["changed", "wants one part in parentheses, such as `changed(prompt)`"],
    ["changed(promt)", "asks whether `promt` changed, which no run says; did you mean `prompt`?"],
    ["changed(prompt, tools)", "wants one part in parentheses, such as `changed(prompt)`"],
    ["change(prompt)", "asks of `change`, which no run says; did you mean `changed`?"],
    [
      "branch = main",
      "asks of `branch`, which no run says; known: `changed(…)`, `suite`, `tag`, `provider`, `model`, `agent`",
    ],
    ["suite", "wants `suite = VALUE` or `suite != VALUE`"],
    ["suite < 3", "wants `suite = VALUE` or `suite != VALUE`"],
    ["changed(prompt) changed(model)", "wants `and` or `or` before `changed`"],
    ["(changed(prompt)", "opens a parenthesis that is not closed"],
    ["changed(prompt))", "closes a parenthesis that was not opened"],
    ["changed(prompt) and", "ends where a claim is wanted"],
    ["suite ! airline", "cannot be read from `! airline` on"],
    ["not", "ends where a claim is wanted"],
    ['"suite" = airline', "wants `changed(…)` or a comparison, found `suite`"],
    [`${"(".repeat(60)}changed(prompt)${")".repeat(60)}`, "is nested more than 50 deep"],
  ])("says what is wrong with %s", (text, problem) => {
    expect(holds(text)).toBe(problem);
  });

  it("knows every part", () => {
    const text = CHANGEABLE_PARTS.map((part) => `changed(${part})`).join(" and ");
    const parsed = parseWhenCondition(text);
    expect("value" in parsed && claimsOf(parsed.value)).toHaveLength(CHANGEABLE_PARTS.length);
  });

  it("is unknown only where the unknown decides", () => {
    const value = fc.constantFrom(true, false, null);
    fc.assert(
      fc.property(value, value, (model, tools) => {
        const facts = {
          ...(model === null ? {} : { model }),
          ...(tools === null ? {} : { tools }),
        };
        const either = holds("changed(model) or changed(tools)", facts);
        const neither = holds("not (not changed(model) and not changed(tools))", facts);
        expect(either).toBe(neither);
        if (either === null) expect(model === true || tools === true).toBe(false);
      }),
    );
  });

  it("never throws on any text", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseWhenCondition(text)));
  });
});
