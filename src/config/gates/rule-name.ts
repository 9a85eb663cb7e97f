import type { GateRule, SliceGate } from "./gate-schema.js";

/** A rule of `gates`, or one of `slices`. */
export type AnyRule = GateRule | SliceGate;

export type GateKind =
  | "threshold"
  | "no-worse"
  | "better"
  | "trend"
  | "coverage"
  | "must-pass"
  | "budget"
  | "all"
  | "any"
  | "slices";

/** What a rule is, by its keys. */
export function kindOf(rule: AnyRule): GateKind {
  if ("all" in rule) return "all";
  if ("any" in rule) return "any";
  if ("coverage" in rule) return "coverage";
  if ("must_pass" in rule) return "must-pass";
  if ("budget" in rule) return "budget";
  if ("trend" in rule) return "trend";
  if ("by" in rule) return "slices";
  if ("better_than" in rule) return "better";
  if ("no_worse_than" in rule) return "no-worse";
  return "threshold";
}

/** What to call a rule whose file gives it no name. */
function derivedName(rule: AnyRule): string {
  if ("all" in rule) return `all of ${rule.all.map(nameOf).join(", ")}`;
  if ("any" in rule) return `any of ${rule.any.map(nameOf).join(", ")}`;
  if ("coverage" in rule) {
    const where = rule.where === undefined ? "" : ` where ${rule.where}`;
    return `coverage ${rule.coverage}${where}${rule.by === undefined ? "" : ` by ${rule.by}`}`;
  }
  if ("must_pass" in rule) {
    return typeof rule.must_pass === "string" ? `must pass ${rule.must_pass}` : "must pass";
  }
  if ("budget" in rule) return `budget ${rule.budget}`;
  if ("trend" in rule) return `${rule.metric} trend`;
  if ("by" in rule) return `${rule.metric} by ${rule.by.join(", ")}`;
  if ("better_than" in rule) return `${rule.metric} better than ${rule.better_than}`;
  if ("no_worse_than" in rule) return `${rule.metric} no worse than ${rule.no_worse_than}`;
  return rule.metric;
}

/** Name of a rule: that of the file, else one made of what it says. */
export function nameOf(rule: AnyRule): string {
  return rule.name ?? derivedName(rule);
}

/** Names of rules in their order; of several with one name the second is `… #2`. */
export function uniqueNames(rules: readonly AnyRule[]): string[] {
  const seen = new Map<string, number>();
  return rules.map((rule) => {
    const name = nameOf(rule);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}
