import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateMetric } from "../estimate.js";
import type { CaseMetric } from "../metric.js";
import { metrics } from "../registry.js";
import { BROKEN, inputOf, rowWith, type TrialStory } from "../testing/trial-builder.js";
import { abstentionPrecision, abstentionRecall } from "./abstention.js";
import { citationPrecision, citationRecall } from "./citation-precision-recall.js";
import { type ClaimVerdict, faithfulnessOf } from "./claim-verdicts.js";
import { completeness } from "./completeness.js";
import { contradictedClaims, faithfulness, unsupportedClaims } from "./faithfulness.js";
import { jsonSchemaValid, jsonValid } from "./json-answer.js";

const scoreOf = (metric: CaseMetric, story: TrialStory) => metric.score(inputOf(story));
const numberOf = (metric: CaseMetric, story: TrialStory) => scoreOf(metric, story).value;

describe("claims", () => {
  const text =
    "Expired API keys are reset in the security portal. Keys expire after 90 days. Annual plans cannot be refunded in cash.";
  const retrievals = [[["handbook", text]]] as const;
  const shares = (answer: string) =>
    [faithfulness, contradictedClaims, unsupportedClaims].map((metric) =>
      numberOf(metric, { retrievals, answer }),
    );

  it.each([
    ["supported", "Keys expire after 90 days.", [1, 0, 0]],
    ["another figure", "Keys expire after 30 days.", [0, 1, 0]],
    ["invented", "Premium customers enjoy helicopter rides.", [0, 0, 1]],
    ["an invented figure", "Helicopter rides cost 30 dollars.", [0, 0, 1]],
    ["a lost negation", "Annual plans can be refunded in cash.", [0, 1, 0]],
    ["the same negation in another form", "Annual plans can't be refunded in cash.", [1, 0, 0]],
    ["an added negation", "Keys do not expire after 90 days.", [0, 1, 0]],
    [
      "one of each",
      "Keys expire after 90 days. Keys expire after 30 days. Premium customers enjoy helicopter rides.",
      [1 / 3, 1 / 3, 1 / 3],
    ],
  ])("%s", (_, answer, wanted) => expect(shares(answer)).toEqual(wanted));

  it("name the first wrong claim with its verdict", () => {
    const answer = "Premium customers enjoy helicopter rides. Keys expire after 30 days.";
    expect(scoreOf(faithfulness, { retrievals, answer })).toEqual({
      value: 0,
      detail: 'unsupported: "Premium customers enjoy helicopter rides."',
    });
    expect(scoreOf(contradictedClaims, { retrievals, answer })).toEqual({
      value: 0.5,
      detail: 'contradicted: "Keys expire after 30 days."',
    });
  });

  it("are not there: no score, from all three", () => {
    for (const metric of [faithfulness, contradictedClaims, unsupportedClaims]) {
      expect(scoreOf(metric, { retrievals, answer: "Sure!" })).toEqual({
        value: null,
        reason: "the answer claims nothing",
      });
    }
  });

  it("judged elsewhere give shares that add up, whatever their order", () => {
    const verdict = fc.constantFrom("supported" as const, "contradicted" as const, "unsupported" as const);
    expect(faithfulnessOf([])).toBeNull();
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1 }), (verdicts) => {
        const claims: ClaimVerdict[] = verdicts.map((one) => ({ claim: "c", verdict: one }));
        const got = faithfulnessOf(claims)!;
        expect(got.supported + got.contradicted + got.unsupported).toBeCloseTo(1, 12);
        expect(faithfulnessOf(claims.toReversed())).toEqual(got);
      }),
    );
  });

  it("of long answers and passages are judged in bounded time", () => {
    const sentences = Array.from(
      { length: 2000 },
      (_, index) => `Widget ${index} of series alpha costs ${index + 7} euros.`,
    );
    const started = performance.now();
    const value = numberOf(faithfulness, {
      retrievals: [[["a", sentences.join(" ")]]],
      answer: sentences.map((sentence) => sentence.replace("alpha", "omega 99999")).join(" "),
    });
    expect(value).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("completeness", () => {
  const answer = "Reset the expired key in the security portal. It lasts 90 days.";

  it.each([
    ["both points", { answer }, answer, 1],
    ["one of two", { answer }, "Reset an expired key in the security portal.", 0.5],
    ["a figure that is missing", { answer: "Keys last for 90 days." }, "Keys last for 30 days.", 0],
    ["phrases and points together", { answer, mustInclude: ["identity check"] }, answer, 2 / 3],
    ["phrases alone", { mustInclude: ["portal", "key"] }, "Use the portal.", 0.5],
    ["no answer", { answer }, null, 0],
    ["a refusal", { answer }, "I don't know.", 0],
  ])("%s", (_, expectation, given, wanted) => {
    expect(numberOf(completeness, { expect: expectation, answer: given })).toBeCloseTo(wanted, 12);
  });

  it("has no score where nothing is stated, and names what is missing", () => {
    expect(numberOf(completeness, { answer: "x" })).toBeNull();
    expect(numberOf(completeness, { expect: { answer: "..." }, answer: "x" })).toBeNull();
    expect(scoreOf(completeness, { expect: { answer }, answer: "It lasts 90 days." })).toEqual({
      value: 0.5,
      detail: 'missing: "Reset the expired key in the security portal."',
    });
  });
});

describe("citation precision and recall", () => {
  const retrievals = [
    [
      ["runbook", "text"],
      ["policy", "text"],
      ["faq", "text"],
    ],
  ] as const;
  const both = (answer: string | null, sources: readonly string[]) =>
    [citationPrecision, citationRecall].map((metric) =>
      numberOf(metric, { retrievals, answer, expect: { sources } }),
    );

  it.each([
    ["all and only the sources", "A [runbook]. B [policy].", ["runbook", "policy"], [1, 1]],
    ["one source of two", "A [runbook].", ["runbook", "policy"], [1, 0.5]],
    ["one wrong beside it", "A [runbook] [faq].", ["runbook", "policy"], [0.5, 0.5]],
    ["any case, each once", "A [RUNBOOK] [runbook#0].", ["Runbook", "runbook"], [1, 1]],
    ["a source that was not retrieved", "A [price-list].", ["price-list"], [0, 0]],
    ["nothing cited", "A.", ["runbook"], [null, 0]],
    ["no sources stated", "A [runbook] [made-up].", [], [0.5, null]],
    ["a refusal", "I don't know.", ["runbook"], [null, null]],
    ["no answer", null, ["runbook"], [null, 0]],
  ])("%s", (_, answer, sources, wanted) => expect(both(answer, sources)).toEqual(wanted));
});

describe("JSON answers", () => {
  const schema = {
    type: "object",
    properties: { total: { type: "number" }, items: { type: "array", minItems: 1 } },
    required: ["total"],
    additionalProperties: false,
  };

  it.each([
    ["an object", ' {"total": 3} ', 1, { value: 1 }],
    ["a wrong type", '{"total":"3"}', 1, { value: 0, detail: "/total must be number" }],
    ["a missing key", "{}", 1, { value: 0, detail: "the whole must have required property 'total'" }],
    ["another JSON value", "3", 1, { value: 0, detail: "the whole must be object" }],
    ["a fence", '```json\n{"total":3}\n```', 0, { value: 0, detail: "the answer is in a code fence" }],
    ["prose", "Total: 3", 0, { value: 0, detail: "the answer is not JSON" }],
    ["nothing", "", 0, { value: 0, detail: "the answer is not JSON" }],
    ["no answer", null, 0, { value: 0, detail: "the agent gave no answer" }],
  ])("%s", (_, answer, isJson, wanted) => {
    expect(numberOf(jsonValid, { answer })).toBe(isJson);
    expect(scoreOf(jsonSchemaValid, { answer, expect: { schema } })).toEqual(wanted);
  });

  it("are not checked without a schema, or where infrastructure failed", () => {
    expect(scoreOf(jsonSchemaValid, { answer: "{}" })).toEqual({
      value: null,
      reason: "the case states no JSON Schema",
    });
    expect(numberOf(jsonValid, { answer: "{}", trial: BROKEN })).toBeNull();
  });

  it.each([
    ["2020-12 unless told otherwise", { prefixItems: [{ type: "string" }] }, "[1]", 0],
    ["draft 7 for a list of items without a draft", { items: [{ type: "string" }] }, "[1]", 0],
    [
      "draft 7 when it says so",
      { $schema: "http://json-schema.org/draft-07/schema#", items: [{ type: "string" }] },
      "[1]",
      0,
    ],
    [
      "2019-09 when it says so",
      { $schema: "https://json-schema.org/draft/2019-09/schema", unevaluatedProperties: false },
      '{"a":1}',
      0,
    ],
    ["references within the schema", { $ref: "#/$defs/n", $defs: { n: { type: "number" } } }, '"x"', 0],
    ["formats are notes", { type: "string", format: "email" }, '"x"', 1],
    ["unknown keywords are notes", { "x-own": 1 }, '"x"', 1],
    ["the same $id twice", { $id: "https://example.org/s", type: "string" }, "1", 0],
    ["the same $id with another content", { $id: "https://example.org/s", type: "number" }, "1", 1],
  ])("schemas: %s", (_, given, answer, wanted) => {
    expect(numberOf(jsonSchemaValid, { answer, expect: { schema: given } })).toBe(wanted);
  });

  it.each([
    [{ type: "strnig" }],
    [{ $ref: "https://example.org/elsewhere" }],
    [{ $schema: "http://json-schema.org/draft-04/schema#" }],
    [{ $id: 5 }],
    [{ $async: true, type: "string" }],
  ])("a schema that cannot be used gives no score: %j", (given) => {
    expect(scoreOf(jsonSchemaValid, { answer: "1", expect: { schema: given } })).toEqual({
      value: null,
      reason: expect.stringContaining("the case's JSON Schema cannot be used: "),
    });
  });

  it("nested beyond the stack are refused, not crashed on", () => {
    const recursive = {
      $ref: "#/$defs/list",
      $defs: { list: { type: "array", items: { $ref: "#/$defs/list" } } },
    };
    const answer = "[".repeat(50_000) + "]".repeat(50_000);
    expect(numberOf(jsonSchemaValid, { answer, expect: { schema: recursive } })).toBe(0);
  });
});

describe('"I don\'t know" precision and recall', () => {
  const declined = "I don't know.";
  const stories: readonly TrialStory[] = [
    { expect: { refusal: true }, answer: declined },
    { expect: { refusal: true }, answer: declined },
    { expect: { refusal: true }, answer: "It is 42." },
    { expect: { refusal: false }, answer: declined },
    { expect: { refusal: false }, answer: "It is 42." },
    { expect: { refusal: true }, answer: null, trial: { stopReason: "guardrail" } },
    { expect: { refusal: true }, answer: null },
    { answer: declined },
  ];
  const rows = stories.map((story, index) =>
    rowWith(
      {
        [abstentionPrecision.name]: scoreOf(abstentionPrecision, story),
        [abstentionRecall.name]: scoreOf(abstentionRecall, story),
      },
      { caseId: `c${index}` },
    ),
  );

  it("count over the run, with Wilson intervals", () => {
    expect(estimateMetric(abstentionPrecision, rows)).toMatchObject({
      value: 0.75,
      n: 4,
      method: "wilson",
      unscored: { "the agent did not decline": 3, "the case does not state whether to refuse": 1 },
    });
    expect(estimateMetric(abstentionRecall, rows)).toMatchObject({ value: 0.6, n: 5, method: "wilson" });
  });

  it("are nothing where nobody declined or nothing had to be", () => {
    const answered = [rows[4]!];
    expect(estimateMetric(abstentionPrecision, answered).value).toBeNull();
    expect(estimateMetric(abstentionRecall, answered).value).toBeNull();
  });
});

it("every generation metric states its rules in sentences, its range and its peers", () => {
  const own = metrics.filter(({ layer }) => layer === "generation");
  expect(own.length).toBeGreaterThan(20);
  for (const { rules, range, agreesWith, description } of own) {
    for (const rule of [rules.empty, rules.refusal, rules.unsupportedClaim, description]) {
      expect(rule ?? "None.").toMatch(/^["A-Z0-9].*\.$/);
    }
    expect(range).toMatch(/^0/);
    expect(agreesWith).not.toBe("");
  }
});
