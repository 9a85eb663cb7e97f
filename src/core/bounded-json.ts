import type { Json } from "./hash.js";

/** What reads values walks through them level by level; far deeper ones would end the process. */
const MOST_LEVELS = 200;

/**
 * The value of a JSON text that somebody else wrote: a model, a tool, a document.
 *
 * @returns `undefined` for what is no JSON, or nested deeper than 200 levels
 */
export function boundedJson(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return fits(value, MOST_LEVELS) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fits(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => fits(child as Json, levels - 1));
}
