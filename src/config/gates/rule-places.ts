import { valueAt } from "../describe-issues.js";

/** A rule as somebody wrote it, which may break the schema, and where it stands. */
export interface PlacedRule {
  readonly rule: unknown;
  readonly path: readonly (string | number)[];
  readonly role: "gate" | "part" | "slices";
}

/** Every rule of a gate file: gates, each with its parts behind it, then slices. */
export function placedRules(value: unknown): PlacedRule[] {
  return [...placedIn(value, ["gates"], "gate"), ...placedIn(value, ["slices"], "slices")];
}

function placedIn(
  value: unknown,
  path: readonly (string | number)[],
  role: PlacedRule["role"],
): PlacedRule[] {
  const rules = valueAt(value, path);
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: unknown, index): PlacedRule[] => {
    const here = [...path, index];
    const parts = role === "slices" ? [] : (["all", "any"] as const);
    return [{ rule, path: here, role }, ...parts.flatMap((key) => placedIn(value, [...here, key], "part"))];
  });
}

/** A text that a rule gives for a key, or `undefined`. */
export function textOf(rule: unknown, key: string): string | undefined {
  const value = valueAt(rule, [key]);
  return typeof value === "string" ? value : undefined;
}

/** A finite number that a rule gives for a key, or `undefined`. */
export function numberOf(rule: unknown, key: string): number | undefined {
  const value = valueAt(rule, [key]);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
