import { type Finding, valueAt } from "../describe-issues.js";
import { quoteName } from "../found-and-wanted.js";
import { parseYamlFile } from "../yaml-file.js";
import { checkCanary } from "./check-canary.js";
import { checkNames, checkWaivers } from "./check-names.js";
import { checkRule } from "./check-rules.js";
import { checkThresholds, type DirectionOf, type UnitOf } from "./check-thresholds.js";
import type { GatesConfig } from "./gates-schema.js";
import type { AnyRule } from "./rule-name.js";
import { placedRules } from "./rule-places.js";
import { gatesSchemaFor } from "./schema-of-rules.js";

/** What gates.yaml may say of metrics; what is left out is not checked. */
export interface GatesNames {
  readonly metrics?: readonly string[];
  /** Unit of a metric: no value lies outside its range, so no threshold may. */
  readonly unitOf?: UnitOf;
  /** Which way a metric is good: of what may only fall to 0, no more than all can be lost. */
  readonly directionOf?: DirectionOf;
  /**
   * The gates and slices of another gate file with all that it imports, or one phrase that says why there are none.
   *
   * @param reference - as it is written in `imports`
   */
  readonly importOf?: (reference: string) => ImportedRules;
}

export type ImportedRules = { readonly rules: readonly AnyRule[] } | { readonly problem: string };

/**
 * Reads one gate file. An unknown metric, a threshold or margin that no value can reach or miss, a condition that
 * cannot be read, a name given twice and a waiver for no gate are problems at their line, beside those of the schema.
 *
 * @returns what the file itself says, `imports` not joined
 * @throws {ConfigError} with every problem of the file
 */
export function parseGatesFile(text: string, file: string, names: GatesNames = {}): GatesConfig {
  const { metrics, unitOf = () => undefined, directionOf = () => undefined } = names;
  let imported: readonly AnyRule[] = [];
  return parseYamlFile(text, file, gatesSchemaFor, [
    (value) => {
      const read = readImports(value, names.importOf);
      imported = read.rules;
      return read.findings;
    },
    (value) => placedRules(value).flatMap((placed) => checkRule(placed, metrics)),
    (value) => placedRules(value).flatMap((placed) => checkThresholds(placed, unitOf, directionOf)),
    (value) => nothingToJudge(value),
    checkCanary,
    (value) => checkNames(value, imported),
    (value) => (hasUnreadImports(value, names) ? [] : checkWaivers(value, imported)),
  ]);
}

function importsOf(value: unknown): readonly unknown[] {
  const imports = valueAt(value, ["imports"]);
  return Array.isArray(imports) ? imports : [];
}

/** Of a gate in a file that nobody has read, no waiver can be said to be wrong. */
function hasUnreadImports(value: unknown, { importOf }: GatesNames): boolean {
  return importOf === undefined && importsOf(value).length > 0;
}

function readImports(
  value: unknown,
  importOf: GatesNames["importOf"],
): { readonly rules: readonly AnyRule[]; readonly findings: readonly Finding[] } {
  const rules: AnyRule[] = [];
  const findings: Finding[] = [];
  for (const [index, reference] of importsOf(value).entries()) {
    if (typeof reference !== "string" || reference === "" || importOf === undefined) continue;
    const found = importOf(reference);
    if ("problem" in found) {
      findings.push({ path: ["imports", index], message: found.problem });
      continue;
    }
    const added = found.rules.filter((rule) => !rules.includes(rule));
    const twice = added.find(({ name }) => name !== undefined && rules.some((rule) => rule.name === name));
    if (twice?.name !== undefined) {
      const message = `brings a second gate named ${quoteName(twice.name)}, which an import above has as well; rename one`;
      findings.push({ path: ["imports", index], message });
    }
    rules.push(...added);
  }
  return { rules, findings };
}

function nothingToJudge(value: unknown): Finding[] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
  const hasAny = ["gates", "slices", "imports"].some((key) => {
    const list = valueAt(value, [key]);
    return list !== undefined && !(Array.isArray(list) && list.length === 0);
  });
  if (hasAny) return [];
  const path = valueAt(value, ["gates"]) === undefined ? [] : ["gates"];
  return [{ path, message: "holds no gate; add one to `gates`, to `slices`, or import a file that has one" }];
}
