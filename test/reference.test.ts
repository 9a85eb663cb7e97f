import { describe, expect, it } from "vitest";
import { commandHelps } from "../scripts/reference/command-help.js";
import { sectionsOf } from "../scripts/reference/config-sections.js";
import type { JsonSchema } from "../scripts/reference/json-schema.js";
import { referencePages } from "../scripts/reference/reference-pages.js";
import { typeText } from "../scripts/reference/schema-type.js";
import { publishedSchemas } from "../src/datasets/published-schemas.js";
import { pageText } from "./pages.js";

const generated = referencePages();

it.each([...generated.keys()])("docs/%s is what the code gives; `npm run reference` writes it", (name) => {
  expect(pageText(`docs/${name}`)).toBe(generated.get(name));
});

describe("docs/reference/commands.md", () => {
  const page = generated.get("reference/commands.md") ?? "";
  const [, ...commands] = commandHelps();

  it("has a section for every command, with every flag, its variable and its examples", () => {
    expect(commands.length).toBeGreaterThan(40);
    for (const command of commands) {
      const section = page.split(`\n## ${command.name}\n`)[1]?.split("\n## ")[0] ?? "";
      for (const option of command.options.filter(({ hidden }) => !hidden)) {
        const isCommon = option.long === "--json" || option.long === "--quiet";
        expect(section.includes(`| \`${option.flags}\``), `${command.name} ${option.flags}`).toBe(!isCommon);
        if (!isCommon) expect(section).toContain(`\`${option.envVar}\``);
      }
      expect(section.match(/^agentctl .*/gm)?.length).toBeGreaterThanOrEqual(3);
    }
  });
});

describe("docs/reference/configuration.md", () => {
  const page = generated.get("reference/configuration.md") ?? "";
  const sections = [...publishedSchemas()].flatMap(([name, text]) =>
    sectionsOf(name, JSON.parse(text) as JsonSchema),
  );

  it("finds keys at every depth", () => {
    expect(sections.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["suites.<name>", "gates[].all[]", "canary.steps[]", "scale.levels[]"]),
    );
  });

  it("has a row for every key", () => {
    const keys = new Set(sections.flatMap(({ schema }) => Object.keys(schema.properties ?? {})));
    expect(keys.size).toBeGreaterThan(200);
    const rows = new Set([...page.matchAll(/^\| <a id="[^"]+"><\/a>`(\w+)`/gm)].map((match) => match[1]));
    expect([...keys].filter((key) => !rows.has(key))).toEqual([]);
  });

  it("says what every key means", () => {
    const silent = sections.flatMap(({ file, path, schema }) =>
      Object.entries(schema.properties ?? {})
        .filter(([, { description }]) => description === undefined)
        .map(([key]) => `${file} ${path}.${key}`),
    );
    expect(silent).toEqual([]);
  });

  it("gives no two keys the same anchor", () => {
    const anchors = [...page.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1]);
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
    const headings = [...page.matchAll(/^#+ .*$/gm)].map((match) => match[0]);
    expect(headings.filter((heading, index) => headings.indexOf(heading) !== index)).toEqual([]);
  });
});

describe("the type of a key", () => {
  const text = (schema: JsonSchema) => typeText(schema, (objects) => `${objects.length} object(s)`);

  it.each<[JsonSchema, string]>([
    [{ type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, "whole number of at least 1"],
    [{ type: "integer", minimum: 0, maximum: 10 }, "whole number from 0 to 10"],
    [{ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 0.5 }, "number above 0, below 0.5"],
    [{ type: "number", exclusiveMinimum: 0, maximum: 1 }, "number above 0, up to 1"],
    [{ type: "string", enum: ["a", "b"] }, "`a` or `b`"],
    [{ type: "string", format: "date" }, "date, YYYY-MM-DD"],
    [{ anyOf: [{ type: "number" }, { type: "string" }] }, "number or text"],
    [
      { type: "array", minItems: 2, maxItems: 5, items: { type: "string" } },
      "list of text, at least 2, at most 5",
    ],
    [{ type: "object", additionalProperties: { type: "number" } }, "map of names to number"],
    [
      { anyOf: [{ const: false }, { type: "object", properties: { a: { type: "string" } } }] },
      "`false` or 1 object(s)",
    ],
    [{ $ref: "#/definitions/json" }, "any value"],
  ])("%j is %s", (schema, expected) => {
    expect(text(schema)).toBe(expected);
  });
});
