import { boundedJson } from "../../../core/bounded-json.js";
import type { Json } from "../../../core/hash.js";
import type { ToolOutcome } from "../../../environments/environment.js";

/** What an error says of itself; the rest of its body stays out. */
const ERROR_FIELDS = ["error", "message", "status"];

/**
 * The outcome with the declared fields of its JSON alone. A result that is no JSON object or list cannot be cut to fields
 * and is withheld; the text of an error stays, as it was written for the caller.
 *
 * @param fields - dotted paths; lists are gone through, so `items.sku` is the `sku` of every item
 */
export function keepFields(outcome: ToolOutcome, fields: readonly string[]): ToolOutcome {
  const value = parsed(outcome.content);
  if (value === undefined) {
    return outcome.isError
      ? outcome
      : { ...outcome, content: "(done; the result has no fields that may be shown)" };
  }
  const kept = [...fields, ...(outcome.isError ? ERROR_FIELDS : [])].map((field) => field.split("."));
  return { ...outcome, content: JSON.stringify(pick(value, kept)) };
}

function parsed(content: string): Json | undefined {
  const value = boundedJson(content);
  return typeof value === "object" && value !== null ? value : undefined;
}

function pick(value: Json, paths: readonly (readonly string[])[]): Json {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) {
    const below = paths.map((path) => (path[0] === "*" ? path.slice(1) : path));
    return value.map((item: Json) => pick(item, below));
  }
  if (typeof value !== "object" || value === null) return null;
  const entries: [string, Json][] = [];
  for (const [key, child] of Object.entries(value as { readonly [key: string]: Json })) {
    const below = paths.filter(([step]) => step === key || step === "*").map(([, ...rest]) => rest);
    if (below.length > 0) entries.push([key, pick(child, below)]);
  }
  return Object.fromEntries(entries);
}
