import { describeFound, JSON_WORDS, quoteName } from "../config/found-and-wanted.js";
import { didYouMean, listNames } from "../core/nearest.js";

/** A label as read from a row: its text, or `null` where the row says null. */
export type FieldText = { readonly text: string | null } | { readonly problem: string };

/**
 * The text, number or boolean in a field of a row, as text, so that `1` and `"1"` are the same label. A dotted
 * path leads into nested objects; a key that holds the whole path itself wins.
 */
export function fieldText(row: Readonly<Record<string, unknown>>, path: string): FieldText {
  const value = Object.hasOwn(row, path) ? row[path] : nested(row, path.split("."));
  if (value === null) return { text: null };
  if (typeof value === "string") return { text: value };
  if (typeof value === "number" || typeof value === "boolean") return { text: String(value) };
  const name = quoteName(path);
  if (value !== undefined) {
    const found = describeFound(value, JSON_WORDS);
    return { problem: `expected ${name} to be text, a number, true, false or null, found ${found}` };
  }
  const keys = Object.keys(row);
  const hint = didYouMean(path, keys);
  return { problem: `has no field ${name}${hint === "" ? `; it has ${listNames(keys, 8)}` : hint}` };
}

function nested(value: unknown, keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}
