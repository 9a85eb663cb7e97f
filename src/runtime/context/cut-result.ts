import { isDeepStrictEqual } from "node:util";
import { boundedJson } from "../../core/bounded-json.js";
import type { Json } from "../../core/hash.js";
import { cutMiddle } from "./cut-text.js";
import { estimateTextTokens } from "./estimate-tokens.js";

/**
 * Shortens a tool result that is too long: a JSON result to its declared fields, and where that does not help, or no
 * field is declared or found, any result in its middle.
 *
 * @param fields - dotted paths, `*` for every item or key; `null` when none are declared
 * @param maxTokens - estimated tokens of the text, at least 1
 */
export function cutResult(text: string, fields: readonly string[] | null, maxTokens: number): string {
  if (estimateTextTokens(text) <= maxTokens) return text;
  return cutMiddle(fields === null ? text : keptFields(text, fields), maxTokens);
}

/** The text with the declared fields alone; itself when it is not JSON, or none of the fields is there. */
function keptFields(text: string, fields: readonly string[]): string {
  const value = boundedJson(text);
  if (value === undefined) return text;
  const kept = picked(
    value,
    fields.map((field) => field.split(".")),
  );
  return kept === undefined || isDeepStrictEqual(kept, {}) ? text : JSON.stringify(kept);
}

/** `undefined` where no path leads. An empty path is the whole value. */
function picked(value: Json, paths: readonly (readonly string[])[]): Json | undefined {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) {
    const items = value.flatMap((item: Json, index) => {
      const found = picked(item, below(paths, String(index)));
      return found === undefined ? [] : [found];
    });
    return items.length === 0 && value.length > 0 ? undefined : items;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const found = picked(item as Json, below(paths, key));
    return found === undefined ? [] : [[key, found]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function below(paths: readonly (readonly string[])[], key: string): readonly (readonly string[])[] {
  return paths.filter(([first]) => first === "*" || first === key).map((path) => path.slice(1));
}
