import { didYouMean } from "../../core/nearest.js";
import type { MetricUnit } from "../../core/score.js";
import { type Finding, valueAt } from "../describe-issues.js";
import { quoteName } from "../found-and-wanted.js";
import { parseYamlFile } from "../yaml-file.js";
import { type GatesConfig, gatesSchema } from "./gates-schema.js";

/** What gates.yaml may say of metrics; what is left out is not checked. */
export interface GatesNames {
  readonly metrics?: readonly string[];
  /** Unit of a metric: no value lies outside its range, so no threshold may. */
  readonly unitOf?: (metric: string) => MetricUnit | undefined;
}

/** What a unit measures, in words, and its ends. */
const UNIT_RANGES: Readonly<
  Record<MetricUnit, { readonly noun: string; readonly min: number; readonly max: number }>
> = {
  proportion: { noun: "a proportion", min: 0, max: 1 },
  score: { noun: "a score", min: 0, max: 1 },
  ms: { noun: "a time", min: 0, max: Number.POSITIVE_INFINITY },
  usd: { noun: "a cost", min: 0, max: Number.POSITIVE_INFINITY },
  count: { noun: "a count", min: 0, max: Number.POSITIVE_INFINITY },
  tokens: { noun: "a number of tokens", min: 0, max: Number.POSITIVE_INFINITY },
  rating: { noun: "a rating", min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
};

/**
 * Reads gates.yaml. An unknown metric, a threshold that no value can reach or miss, and a rule whose `min` is
 * above its `max`, are problems at their line.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseGatesFile(text: string, file: string, names: GatesNames = {}): GatesConfig {
  return parseYamlFile(text, file, gatesSchema, [
    (value) => rulesOf(value).flatMap((rule, index) => unknownMetric(rule, index, names.metrics)),
    (value) => rulesOf(value).flatMap((rule, index) => outOfRange(rule, index, names.unitOf)),
    (value) => rulesOf(value).flatMap(emptyRange),
    (value) => rulesOf(value).flatMap(needlessCalibration),
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

function outOfRange(rule: unknown, index: number, unitOf: GatesNames["unitOf"]): Finding[] {
  const metric = valueAt(rule, ["metric"]);
  const unit = typeof metric === "string" ? unitOf?.(metric) : undefined;
  if (unit === undefined) return [];
  const { noun, min, max } = UNIT_RANGES[unit];
  return (["min", "max"] as const).flatMap((side) => {
    const threshold = valueAt(rule, [side]);
    if (typeof threshold !== "number" || (threshold >= min && threshold <= max)) return [];
    const message =
      max === 1
        ? `\`${side}\` ${threshold} is outside 0 to 1, the range of ${noun}${asShare(threshold)}`
        : `\`${side}\` ${threshold} is below 0, the least that ${noun} can be`;
    return [{ path: ["gates", index, side], message }];
  });
}

/** What a threshold that was meant as a percentage should have been. */
function asShare(threshold: number): string {
  if (threshold < 1 || threshold > 100) return "";
  return `; write ${Number((threshold / 100).toPrecision(12))} for ${threshold} %`;
}

/** A rule that asks for what cannot be would never pass, or be thought to check something. */
function needlessCalibration(rule: unknown, index: number): Finding[] {
  const metric = valueAt(rule, ["metric"]);
  if (
    valueAt(rule, ["requires"]) !== "calibrated" ||
    typeof metric !== "string" ||
    metric.startsWith("judge.")
  )
    return [];
  const message = `only metrics of judges (\`judge.…\`) can be calibrated, found ${quoteName(metric)}; remove \`requires\``;
  return [{ path: ["gates", index, "requires"], message }];
}

function emptyRange(rule: unknown, index: number): Finding[] {
  const min = valueAt(rule, ["min"]);
  const max = valueAt(rule, ["max"]);
  if (typeof min !== "number" || typeof max !== "number" || min <= max) return [];
  const message = `\`min\` ${min} is above \`max\` ${max}, so no value can pass; swap them or drop one`;
  return [{ path: ["gates", index, "min"], message }];
}
