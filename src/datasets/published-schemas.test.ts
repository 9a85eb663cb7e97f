import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { goldenCaseSchema } from "./golden-case-schema.js";
import { publishedSchemas } from "./published-schemas.js";

const schemas = [...publishedSchemas()];

describe("published JSON Schemas", () => {
  test.each(schemas)(
    "schemas/%s is up to date: `npx tsx scripts/generate-schemas.ts` writes it",
    async (name, text) => {
      expect(await readFile(new URL(`../../schemas/${name}`, import.meta.url), "utf8")).toBe(text);
    },
  );

  test.each(schemas)("%s is a valid schema", (_, text) => {
    expect(() => new Ajv({ strict: false, formats: { uri: true } }).compile(JSON.parse(text))).not.toThrow();
  });

  test.each([
    [{ id: "a", input: "x" }],
    [{ id: "a", input: "x", expect: { tool_calls: [{ name: "t", args: { any: [1, null] } }] }, risk: null }],
    [{ id: "a", input: { messages: [{ role: "user", content: "Hi" }] } }],
    [{ question: "Q?", expected_source: "a", must_include: ["b"] }],
    [{ id: "a", input: {} }],
    [{ id: "a", input: { messages: [{ role: "user", content: "Hi" }], user: { goal: "g" } } }],
    [{ id: "a" }],
    [{ id: " a", input: "x" }],
    [{ id: "a", input: "x", extra: 1 }],
    [{ question: "Q?", input: "x" }],
    [{ id: "a", input: "x", risk: "huge" }],
  ])("an editor and agentctl agree on %j", (line) => {
    const validate = new Ajv({ strict: false }).compile(
      JSON.parse(publishedSchemas().get("golden-case.schema.json") ?? "null"),
    );
    expect(validate(line)).toBe(goldenCaseSchema.safeParse(line).success);
  });
});
