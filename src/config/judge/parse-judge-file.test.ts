import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { ConfigError } from "../../core/errors.js";
import { parseJudgeFile } from "./parse-judge-file.js";
import { categoriesOf, kappaWeightsOf } from "./scale-categories.js";

const TEXT = `version: 1
name: politeness
rubric:
  version: "1"
  text: Is it polite?
scale:
  kind: binary
  fail: rude
  pass: polite
model:
  provider: openai
  name: gpt-4.1
`;

function parsed(change: object = {}) {
  return parseJudgeFile(stringify({ ...parse(TEXT), ...change }), "politeness.yaml");
}

function problemsOf(text: string): string {
  try {
    parseJudgeFile(text, "politeness.yaml");
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error("the file was accepted");
}

const grades = (...values: readonly number[]) => ({
  kind: "ordinal",
  levels: values.map((value) => ({ value, anchor: `earns ${value}` })),
});

describe("parseJudgeFile", () => {
  it("fills in what a short file leaves out", () => {
    expect(parseJudgeFile(TEXT, "politeness.yaml")).toMatchObject({
      reads: ["question", "answer"],
      votes: 1,
      aggregation: "majority",
      both_orders: true,
      synonyms: {},
      calibration: { floor: 0.7, min_labels: 30, expires_days: 30 },
    });
  });

  it("takes one model: a fallback would be another judge", () => {
    const model = {
      provider: "openai",
      name: "gpt-4.1",
      fallbacks: [{ provider: "openai", name: "gpt-4o" }],
    };
    const text = stringify({ ...parse(TEXT), model });
    expect(problemsOf(text)).toMatch(/^politeness\.yaml:\d+ .*wants no fallbacks/);
  });

  it("compares labels as text, whatever YAML made of them", () => {
    const config = parsed({
      scale: { kind: "binary", fail: false, pass: true },
      synonyms: { fine: true },
      examples: [{ answer: "Thank you.", value: true, reasoning: "It thanks." }],
    });
    expect(categoriesOf(config.scale)).toEqual(["false", "true"]);
    expect(config.synonyms).toEqual({ fine: "true" });
    expect(config.examples[0]?.value).toBe("true");
  });

  it.each([
    ["a name with a dash", { name: "my-judge" }, "name"],
    ["no judge", { model: undefined }, "wants `model` or `heuristic`, one of them"],
    ["two judges", { heuristic: "majority" }, "wants `model` or `heuristic`, one of them"],
    ["an unknown heuristic", { model: undefined, heuristic: "magic" }, "heuristic"],
    [
      "a label that occurs twice",
      { scale: { kind: "binary", fail: 1, pass: "1" } },
      'label "1" occurs twice',
    ],
    ["grades in the wrong order", { scale: grades(2, 1) }, "wants a grade above 2"],
    ["a single grade", { scale: grades(1) }, "levels"],
    ["a synonym for no label", { synonyms: { ok: "fine" } }, "wants one of the scale's labels: rude, polite"],
    [
      "an example with no label",
      { examples: [{ answer: "x", value: "so-so", reasoning: "y" }] },
      "wants one of the scale's labels: rude, polite",
    ],
    [
      "a good label that is none",
      { scale: { kind: "categorical", categories: [cat("a"), cat("b")], good: ["c"] } },
      "wants one of the scale's labels: a, b",
    ],
    ["a mean of labels without an order", { aggregation: "mean" }, "`mean` needs an ordinal scale"],
    ["no votes", { votes: 0 }, "votes"],
    ["a floor above 1", { calibration: { floor: 1.1 } }, "floor"],
    ["an unknown key", { temperature: 0 }, "temperature"],
  ])("refuses %s", (_, change, message) => {
    expect(problemsOf(stringify({ ...parse(TEXT), ...change }))).toContain(message);
  });

  it("names every problem at its line", () => {
    const text = `${TEXT}votes: 0\nsynonyms:\n  nice: nicest\n`;
    const message = problemsOf(text);
    expect(message).toMatch(/politeness\.yaml:13\b/);
    expect(message).toMatch(/politeness\.yaml:15\b/);
  });
});

function cat(value: string) {
  return { value, meaning: `means ${value}` };
}

describe("scales", () => {
  it("have labels in order", () => {
    expect(categoriesOf(parsed({ scale: grades(0, 0.5, 10) }).scale)).toEqual(["0", "0.5", "10"]);
    expect(categoriesOf(parsed({ scale: { kind: "claims", question: "faithfulness" } }).scale)).toEqual([
      "no",
      "yes",
    ]);
    expect(categoriesOf(parsed({ scale: { kind: "pairwise", tie: false } }).scale)).toEqual([
      "A",
      "B",
      "tie",
    ]);
  });

  it("weigh disagreement by distance where they have an order, unless the file says otherwise", () => {
    expect(kappaWeightsOf(parsed())).toBe("none");
    expect(kappaWeightsOf(parsed({ scale: grades(1, 2, 3) }))).toBe("quadratic");
    expect(kappaWeightsOf(parsed({ scale: grades(1, 2, 3), calibration: { weights: "linear" } }))).toBe(
      "linear",
    );
  });
});
