import { didYouMean } from "../core/nearest.js";
import { type Finding, valueAt } from "./describe-issues.js";
import { quoteName } from "./found-and-wanted.js";
import { type GatesConfig, gatesSchema } from "./gates-schema.js";
import { parseYamlFile } from "./yaml-file.js";

/** Names that gates.yaml may use; a list that is left out is not checked. */
export interface GatesNames {
  readonly metrics?: readonly string[];
}

/**
 * Reads gates.yaml. An unknown metric, and a rule whose `min` is above its `max`, are problems at their line.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseGatesFile(text: string, file: string, names: GatesNames = {}): GatesConfig {
  return parseYamlFile(text, file, gatesSchema, [
    (value) => rulesOf(value).flatMap((rule, index) => unknownMetric(rule, index, names.metrics)),
    (value) => rulesOf(value).flatMap(emptyRange),
  ]);
}

function rulesOf(value: unknown): readonly unknown[] {
  const rules = valueAt(value, ["gates"]);
  return Array.isArray(rules) ? rules : [];
}

function unknownMetric(rule: unknown, index: number, known: readonly string[] | undefined): Finding[] {
  const metric = valueAt(rule, ["metric"]);
  if (typeof metric !== "string" || known === undefined || known.includes(metric)) return [];
  const suggestion = didYouMean(metric, known) || "; `agentctl metrics` lists them";
  return [{ path: ["gates", index, "metric"], message: `unknown metric ${quoteName(metric)}${suggestion}` }];
}

function emptyRange(rule: unknown, index: number): Finding[] {
  const min = valueAt(rule, ["min"]);
  const max = valueAt(rule, ["max"]);
  if (typeof min !== "number" || typeof max !== "number" || min <= max) return [];
  const message = `\`min\` ${min} is above \`max\` ${max}, so no value can pass; swap them or drop one`;
  return [{ path: ["gates", index, "min"], message }];
}
