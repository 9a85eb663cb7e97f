import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { gatesSchema } from "../src/config/gates/gates-schema.js";
import { parseGatesFile } from "../src/config/gates/parse-gates-file.js";

const root = join(import.meta.dirname, "..");
const FILES = [
  "gates.yaml",
  "test/fixtures/gates/whole-language.yaml",
  ...["datasets", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("gates.yaml") && !name.includes("node_modules"))
      .map((name) => `${folder}/${name}`),
  ),
];
const schema = JSON.parse(readFileSync(join(root, "schemas/gates.schema.json"), "utf8")) as object;
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** Valid rules of every kind; each is spoilt below in one place. */
const KINDS = {
  threshold: { metric: "steps", min: 1, max: 3, bound: "upper", severity: "minor" },
  noWorse: { metric: "task.success", no_worse_than: "main", margin: "10%", rule: "significant-drop" },
  better: { metric: "task.success", better_than: "baseline", margin: 0.01, alpha: 0.1 },
  trend: { metric: "task.success", trend: "not-falling", runs: 3 },
  coverage: { coverage: "reviewed", where: "risk = high", min: 1 },
  mustPass: { must_pass: ["a", "b"], trials: "majority" },
  mustPassTag: { must_pass: "tag = regression" },
  budget: { budget: "usd", max: 2 },
  all: { all: [{ metric: "steps", max: 3 }, { any: [{ budget: "tokens", max: 9 }] }], name: "cheap" },
  any: { any: [{ metric: "steps", max: 3 }], when: "changed(prompt)" },
} as const;

function isValid(...gates: readonly object[]): boolean {
  return validate({ version: 1, gates });
}

describe("schemas/gates.schema.json, by which editors complete", () => {
  it.each(FILES)("takes %s, and so does agentctl", (file) => {
    const text = readFileSync(join(root, file), "utf8");
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(() => parseGatesFile(text, file)).not.toThrow();
  });

  it.each(Object.entries(KINDS))("takes a gate of %s, and none with a slip", (_kind, gate) => {
    expect(isValid(gate), JSON.stringify(validate.errors)).toBe(true);
    expect(gatesSchema.safeParse({ version: 1, gates: [gate] }).success).toBe(true);
    for (const slip of [
      { sevirity: "minor" },
      { severity: "high" },
      { on_inconclusive: "pass" },
      { name: "" },
    ]) {
      expect(isValid({ ...gate, ...slip }), JSON.stringify(slip)).toBe(false);
      expect(gatesSchema.safeParse({ version: 1, gates: [{ ...gate, ...slip }] }).success).toBe(false);
    }
  });

  it("takes no canary with a slip", () => {
    const canary = (step: object, threshold = "+0.5%") => ({
      version: 1,
      gates: [KINDS.budget],
      canary: {
        steps: [{ traffic: "5%", bake: "30m", ...step }],
        rollback_triggers: { error_rate: { threshold, window: "5m" } },
      },
    });
    expect(validate(canary({}))).toBe(true);
    for (const step of [
      { traffic: "0%" },
      { traffic: 5 },
      { bake: "30" },
      { approval: "yes" },
      { bakes: "1m" },
    ])
      expect(validate(canary(step)), JSON.stringify(step)).toBe(false);
    expect(validate(canary({}, "0.5%"))).toBe(false);
    expect(validate(canary({}, "+500ms vs main"))).toBe(false);
  });

  it("describes every key of every kind", () => {
    const { properties } = schema as { properties: Record<string, { description?: string }> };
    for (const [key, property] of Object.entries(properties)) expect(property.description, key).toBeTruthy();
  });

  it("is held to the gate files that are shipped", () => {
    expect(FILES.length).toBeGreaterThan(10);
  });
});
