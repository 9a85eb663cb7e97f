import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DatasetError } from "../core/errors.js";
import type { GoldenCase } from "../core/golden-case.js";
import { canonicalJson, contentHash } from "../core/hash.js";
import { parseDatasetLines } from "./dataset-builder.js";
import { flatCaseSchema, fullCaseSchema } from "./golden-case-schema.js";
import { flatCaseId } from "./normalise-case.js";

function readOne(value: unknown): GoldenCase {
  const [goldenCase] = parseDatasetLines([JSON.stringify(value)], "golden.jsonl").cases;
  if (goldenCase === undefined) throw new Error("expected a case");
  return goldenCase;
}

describe("the full shape", () => {
  test("the example of the documentation", () => {
    const goldenCase = readOne({
      id: "key-reset-01",
      input: "How do I reset an expired API key?",
      expect: {
        sources: ["security-runbook"],
        must_include: ["identity verification", "security portal"],
        must_not_include: [],
        answer: null,
        tool_calls: [{ name: "get_order", args: { order_id: "#W1" } }],
        tool_calls_mode: "subset",
        state: null,
        refusal: false,
      },
      environment: null,
      risk: "high",
      tags: ["faq"],
      group: "key-reset",
      split: "dev",
      review: { status: "approved", by: "ana", at: "2026-11-02" },
    });
    const { line, hash, ...content } = goldenCase;
    expect(content).toEqual({
      id: "key-reset-01",
      input: { kind: "text", text: "How do I reset an expired API key?" },
      expect: {
        sources: ["security-runbook"],
        mustInclude: ["identity verification", "security portal"],
        mustNotInclude: [],
        answer: null,
        toolCalls: [{ name: "get_order", args: { order_id: "#W1" } }],
        toolCallsMode: "subset",
        state: null,
        outputs: [],
        refusal: false,
      },
      environment: null,
      risk: "high",
      tags: ["faq"],
      group: "key-reset",
      split: "dev",
      review: { status: "approved", by: "ana", at: "2026-11-02" },
    });
    expect(line).toBe(1);
    expect(hash).toBe(contentHash(content));
  });

  test("what is left out is not stated, never empty", () => {
    const { expect: expectation, group, split } = readOne({ id: "a", input: "x" });
    expect(expectation).toMatchObject({ answer: null, toolCalls: null, state: null, refusal: null });
    expect([group, split]).toEqual(["a", "dev"]);
    expect(readOne({ id: "a", input: "x", expect: { tool_calls: [] } }).expect.toolCalls).toEqual([]);
  });

  test("a JSON Schema of the answer is kept and hashed; without one the hash is what it was", () => {
    const schema = { type: "object", required: ["total"] };
    const plain = readOne({ id: "a", input: "x" });
    const stated = readOne({ id: "a", input: "x", expect: { schema } });
    expect(stated.expect.schema).toEqual(schema);
    expect(stated.hash).not.toBe(plain.hash);
    expect(readOne({ id: "a", input: "x", expect: { schema: null } }).hash).toBe(plain.hash);
    expect("schema" in plain.expect).toBe(false);
  });

  test("conversations and users", () => {
    const messages = [{ role: "user", content: "Hi" }];
    expect(readOne({ id: "a", input: { messages } }).input).toEqual({ kind: "messages", messages });
    expect(readOne({ id: "a", input: { user: { goal: "cancel" } } }).input).toEqual({
      kind: "user",
      goal: "cancel",
      script: null,
    });
  });

  test("what a user is beside its goal is kept; a user without has the hash that it had", () => {
    const user = { goal: "cancel", persona: "curt", max_turns: 3, end_marks: ["DONE"], tools: ["phone"] };
    const { input, hash } = readOne({ id: "a", input: { user } });
    expect(input).toMatchObject({ persona: "curt", maxTurns: 3, endMarks: ["DONE"], tools: ["phone"] });
    const plain = readOne({ id: "a", input: { user: { goal: "cancel" } } });
    const nothing = { persona: null, max_turns: null, end_marks: null, tools: null };
    expect(readOne({ id: "a", input: { user: { goal: "cancel", ...nothing } } }).hash).toBe(plain.hash);
    expect(hash).not.toBe(plain.hash);
  });
});

describe("the flat shape", () => {
  test("is read as it is", () => {
    const goldenCase = readOne({
      question: "How do I reset an expired API key?",
      expected_source: "security-runbook",
      must_include: ["identity verification"],
    });
    expect(goldenCase).toMatchObject({
      id: flatCaseId("How do I reset an expired API key?"),
      input: { kind: "text", text: "How do I reset an expired API key?" },
      expect: { sources: ["security-runbook"], mustInclude: ["identity verification"] },
      group: goldenCase.id,
    });
    expect(goldenCase.id).toBe("case-2ca5d94e3ad8");
  });

  test("lists, single texts and nothing are equal ways to write it", () => {
    const listed = readOne({ question: "Q?", expected_source: ["a", "b"], must_include: "x" }).expect;
    expect([listed.sources, listed.mustInclude]).toEqual([["a", "b"], ["x"]]);
    expect(readOne({ question: "Q?", expected_source: null }).expect.sources).toEqual([]);
  });

  test("the id stays when the expectation changes, the hash does not", () => {
    const before = readOne({ question: "Q?", expected_source: "a" });
    const after = readOne({ question: "Q?", expected_source: "b" });
    expect(after.id).toBe(before.id);
    expect(after.hash).not.toBe(before.hash);
  });

  test("sources may be grades: those of 1 or more are the sources, and grades that are all 1 are a list", () => {
    const graded = readOne({
      id: "a",
      input: "Q?",
      expect: { sources: { best: 3, fair: 1, bad: 0, new: -1 } },
    });
    expect(graded.expect.sources).toEqual(["best", "fair"]);
    expect(graded.expect.grades).toEqual({ best: 3, fair: 1, bad: 0, new: -1 });
    const plain = readOne({ id: "a", input: "Q?", expect: { sources: { best: 1, fair: 1 } } });
    expect(plain.hash).toBe(readOne({ id: "a", input: "Q?", expect: { sources: ["best", "fair"] } }).hash);
    expect(graded.hash).not.toBe(plain.hash);
  });

  test("both shapes of a case have one hash", () => {
    expect(readOne({ id: "a", question: "Q?", expected_source: "d" }).hash).toBe(
      readOne({ id: "a", input: "Q?", expect: { sources: ["d"] } }).hash,
    );
  });
});

const text = fc.string({ minLength: 1, maxLength: 8, unit: "binary" });
const name = fc.stringMatching(/^[a-z0-9][a-z0-9 -]{0,6}[a-z0-9]$/);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const toolCall = fc.record({
  name: text,
  args: fc
    .dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }))
    .filter((args) => !JSON.stringify(args).includes("__proto__")),
});
const grade = fc.integer({ min: -1, max: 4 });
const fullCase = fc.record({
  id: name,
  input: text,
  expect: maybe(
    fc.record({
      sources: maybe(
        fc.oneof(fc.array(text), fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), grade)),
      ),
      answer: maybe(fc.option(fc.string())),
      tool_calls: maybe(fc.option(fc.array(toolCall))),
      state: maybe(fc.option(fc.record({ actions: fc.array(toolCall) }))),
      refusal: maybe(fc.option(fc.boolean())),
      schema: maybe(fc.option(fc.constantFrom({}, { type: "object", required: ["b", "a"] }))),
    }),
  ),
  tags: maybe(fc.array(name)),
  split: maybe(fc.constantFrom("dev", "test", "holdout")),
});

describe("any line", () => {
  test("a valid case is read, keeps its arguments, and has the content hash", () => {
    fc.assert(
      fc.property(fullCase, (source) => {
        const { line: _, hash, ...content } = readOne(source);
        expect(hash).toBe(contentHash(content));
        const args = source.expect?.tool_calls?.map((call) => call.args) ?? null;
        expect(canonicalJson(content.expect.toolCalls?.map((call) => call.args) ?? null)).toBe(
          canonicalJson(args),
        );
      }),
    );
  });

  test("key order and spacing do not change the hash", () => {
    fc.assert(
      fc.property(fullCase, (source) => {
        const reversed = Object.fromEntries(Object.entries(source).reverse());
        expect(readOne(reversed).hash).toBe(readOne(source).hash);
      }),
    );
  });

  test("any JSON value is a case or a DatasetError", () => {
    const keys = [...Object.keys(fullCaseSchema.shape), ...Object.keys(flatCaseSchema.shape), "__proto__"];
    const anyCase = fc.oneof(
      fc.json(),
      fc
        .dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 3 }))
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anyCase, anyCase, (first, second) => {
        try {
          parseDatasetLines([first, second], "golden.jsonl");
        } catch (error) {
          expect(error).toBeInstanceOf(DatasetError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("numbers that JSON cannot write back, and __proto__, are refused", () => {
    const call = (args: string): string =>
      `{"id":"a","input":"x","expect":{"tool_calls":[{"name":"t","args":${args}}]}}`;
    expect(() => parseDatasetLines([call('{"x":[1e999]}')], "g")).toThrow(
      "g:1 `expect.tool_calls[0].args` holds a number",
    );
    expect(() => parseDatasetLines([call('{"__proto__":1}')], "g")).toThrow(
      "g:1 the key `__proto__` is refused",
    );
  });

  test("an object full of unknown keys is refused at once", () => {
    const keys = Array.from({ length: 200_000 }, (_, index) => `"k${index}":1`).join(",");
    const started = performance.now();
    expect(() => parseDatasetLines([`{"id":"a","input":"x",${keys}}`], "g")).toThrow(
      "g:1 … and 199980 more unknown keys",
    );
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
