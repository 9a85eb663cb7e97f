import { didYouMean, listNames } from "../../core/nearest.js";
import { type Finding, valueAt } from "../describe-issues.js";
import { quoteName } from "../found-and-wanted.js";
import { gateSchema, sliceGateSchema } from "./gate-schema.js";
import { type AnyRule, nameOf } from "./rule-name.js";
import { type PlacedRule, placedRules, textOf } from "./rule-places.js";

/** A gate is called one thing alone, in this file and all that it imports. */
export function checkNames(value: unknown, imported: readonly AnyRule[]): Finding[] {
  const taken = new Set(imported.flatMap((rule) => rule.name ?? []));
  const own = new Set<string>();
  return placedRules(value).flatMap(({ rule, path }): Finding[] => {
    const name = textOf(rule, "name");
    if (name === undefined) return [];
    const where = taken.has(name) ? "an imported gate" : own.has(name) ? "another gate of this file" : null;
    own.add(name);
    if (where === null) return [];
    const message = `${quoteName(name)} is the name of ${where} as well; waivers and \`gate explain\` need one name for each`;
    return [{ path: [...path, "name"], message }];
  });
}

/** A waiver is for one gate that there is. */
export function checkWaivers(value: unknown, imported: readonly AnyRule[]): Finding[] {
  const waivers = valueAt(value, ["waivers"]);
  const names = namesOfGates(value, imported);
  if (!Array.isArray(waivers) || names === null) return [];
  const parts = placedRules(value).filter(({ role }) => role === "part");
  return waivers.flatMap((waiver: unknown, index): Finding[] => {
    const gate = textOf(waiver, "gate");
    const path = ["waivers", index, "gate"];
    if (gate === undefined) return [];
    if (waivers.findIndex((other) => textOf(other, "gate") === gate) < index) {
      return [{ path, message: `${quoteName(gate)} has a waiver already; keep one` }];
    }
    const count = names.filter((name) => name === gate).length;
    if (count === 1) return [];
    if (count > 1) {
      const message = `${count} gates are called ${quoteName(gate)}; give each a \`name\` of its own and waive one`;
      return [{ path, message }];
    }
    const isPart = parts.some((part) => parsedName(part) === gate);
    const nextStep = isPart
      ? ", which is a part; waive the whole that it belongs to"
      : didYouMean(gate, names) || `; known gates: ${listNames(names)}`;
    return [{ path, message: `waives ${isPart ? "" : "an unknown gate "}${quoteName(gate)}${nextStep}` }];
  });
}

/** `null` while some rule breaks the schema: its name is then not known. */
function namesOfGates(value: unknown, imported: readonly AnyRule[]): string[] | null {
  const own = placedRules(value).filter(({ role }) => role !== "part");
  const names = own.map(parsedName);
  if (names.some((name) => name === null)) return null;
  return [...imported.map(nameOf), ...(names as string[])];
}

function parsedName({ rule, role }: PlacedRule): string | null {
  const parsed = (role === "slices" ? sliceGateSchema : gateSchema).safeParse(rule);
  return parsed.success ? nameOf(parsed.data) : null;
}
