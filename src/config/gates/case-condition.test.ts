import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GoldenCase, NOTHING_EXPECTED } from "../../core/golden-case.js";
import { parseCaseCondition } from "./case-condition.js";

function caseOf(changes: Partial<GoldenCase>): GoldenCase {
  return {
    id: "refund-01",
    input: { kind: "text", text: "?" },
    expect: NOTHING_EXPECTED,
    environment: null,
    risk: "high",
    tags: ["refund", "two words"],
    group: "refunds",
    split: "dev",
    review: { status: "approved", by: "ana", at: null },
    line: 1,
    hash: "h",
    ...changes,
  };
}

function matches(text: string, changes: Partial<GoldenCase> = {}): boolean {
  const parsed = parseCaseCondition(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.value.matches(caseOf(changes));
}

function problemOf(text: string): string {
  const parsed = parseCaseCondition(text);
  return "problem" in parsed ? parsed.problem : "no problem";
}

describe("a condition on cases", () => {
  it.each([
    ["risk = high", true],
    ["risk=high", true],
    ["risk != high", false],
    ["risk = low", false],
    ["risk in (high, critical)", true],
    ["risk in (low)", false],
    ["risk not in (low, medium)", true],
    ["not risk in (low, medium)", true],
    ["tag = refund", true],
    ['tag = "two words"', true],
    ["tag = 'two words'", true],
    ["tag = Refund", false],
    ["tag != refund", false],
    ["tag != other", true],
    ["tag in (other, refund)", true],
    ["tag not in (other, refund)", false],
    ["group = refunds and split = dev", true],
    ["id = refund-01", true],
    ["id in (refund-02, refund-01)", true],
    ["environment = none", true],
    ["review = approved", true],
    ["review != approved", false],
    ["risk = low or tag = refund and split = dev", true],
    ["(risk = low or tag = refund) and split = test", false],
    ["risk = high or tag = x and split = test", true],
    ["not (risk = low or tag = x)", true],
    ["not risk = low and tag = x", false],
    ["not not risk = high", true],
  ])("%s: %s", (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it("knows what a case does not state", () => {
    const bare = { risk: null, review: null, tags: [] };
    expect(matches("risk = none", bare)).toBe(true);
    expect(matches("risk = high", bare)).toBe(false);
    expect(matches("risk != high", bare)).toBe(true);
    expect(matches("review = none", bare)).toBe(true);
    expect(matches("tag != refund", bare)).toBe(true);
    expect(matches("environment = tau-airline", { environment: "tau-airline" })).toBe(true);
  });

  it("knows a tenant by its tag", () => {
    const tags = ["refund", "tenant:acme"];
    expect(matches("tenant = acme", { tags })).toBe(true);
    expect(matches("tenant in (other)", { tags })).toBe(false);
    expect(matches("tenant = refund", { tags })).toBe(false);
  });

  it("reads a quoted connective as a value", () => {
    expect(matches('tag = "and"', { tags: ["and"] })).toBe(true);
    expect(matches('id = "in"', { id: "in" })).toBe(true);
  });

  it.each([
    ["risk = hgih", "asks for risk `hgih`, which no case has; did you mean `high`?"],
    [
      "risk in (high, urgent)",
      "asks for risk `urgent`, which no case has; known: `low`, `medium`, `high`, `critical`, `none`",
    ],
    ["split = train", "asks for split `train`, which no case has; known: `dev`, `test`, `holdout`"],
    ["rsik = high", "asks of `rsik`, which no case says; did you mean `risk`?"],
    [
      "owner = acme",
      "asks of `owner`, which no case says; known: `id`, `tag`, `tenant`, `group`, `environment`, `risk`, `split`, `review`",
    ],
    ["reviewed = approved", "asks of `reviewed`, which no case says; did you mean `review`?"],
    ["", "is empty"],
    ["risk", "wants a value after `risk`: `= VALUE`, `!= VALUE` or `in (A, B)`; found nothing"],
    ["risk high", "wants a value after `risk`: `= VALUE`, `!= VALUE` or `in (A, B)`; found `high`"],
    ["risk < high", "wants a value after `risk`: `= VALUE`, `!= VALUE` or `in (A, B)`; found `< high`"],
    ["risk =", "wants a value after `risk`: `= VALUE`, `!= VALUE` or `in (A, B)`; found `=`"],
    ["risk in high", "wants values in parentheses after `risk in`, such as `risk in (A, B)`"],
    ["risk in ()", "wants values in parentheses after `risk in`, such as `risk in (A, B)`"],
    ["risk in (high", "wants values in parentheses after `risk in`, such as `risk in (A, B)`"],
    ["risk in (high low)", "wants values in parentheses after `risk in`, such as `risk in (A, B)`"],
    ["risk = high tag = x", "wants `and` or `or` before `tag`"],
    ["(risk = high", "opens a parenthesis that is not closed"],
  ])("refuses %j", (text, message) => {
    expect(problemOf(text)).toBe(message);
  });

  it("finds as it says for every combination of claims", () => {
    const risks = ["low", "medium", "high", "critical", null] as const;
    const claim = fc.record({ risk: fc.constantFrom(...risks), isNegated: fc.boolean() });
    fc.assert(
      fc.property(
        claim,
        claim,
        fc.constantFrom("and", "or"),
        fc.constantFrom(...risks),
        (a, b, join, own) => {
          const textOf = (one: typeof a) => `risk ${one.isNegated ? "!=" : "="} ${one.risk ?? "none"}`;
          const holds = (one: typeof a) => (one.risk === own) !== one.isNegated;
          const expected = join === "and" ? holds(a) && holds(b) : holds(a) || holds(b);
          expect(matches(`${textOf(a)} ${join} ${textOf(b)}`, { risk: own })).toBe(expected);
          expect(matches(`not (${textOf(a)} ${join} ${textOf(b)})`, { risk: own })).toBe(!expected);
        },
      ),
    );
  });

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseCaseCondition(text) === "object"));
  });
});
