import { canonicalJson, type Json } from "../../../core/hash.js";
import type { ToolArguments } from "../tool.js";

const MOST_DEPTH = 32;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "prototype"]);

/**
 * A frozen copy of the arguments: what is checked is what is run. `null` for what JSON cannot hold (NaN, Infinity),
 * for keys that reach for prototypes, and for values nested deeper than 32 levels.
 */
export function plainArguments(args: ToolArguments): ToolArguments | null {
  if (!isPlain(args, 0)) return null;
  return frozen(JSON.parse(canonicalJson(args)) as Json) as ToolArguments;
}

function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value !== "object" || depth >= MOST_DEPTH) return false;
  return Object.keys(value).every(
    (key) =>
      !FORBIDDEN_KEYS.has(key) && isPlain((value as Readonly<Record<string, unknown>>)[key], depth + 1),
  );
}

function frozen(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  for (const child of Object.values(value)) frozen(child);
  return Object.freeze(value);
}
