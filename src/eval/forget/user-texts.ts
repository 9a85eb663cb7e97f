/** Shorter pieces may well be somebody else's words. */
const SHORTEST = 24;
const LONGEST = 48;
const MOST_PIECES = 4_000;
const PIECES_PER_TEXT = 4;

/**
 * Pieces of texts to look for after a deletion: without quotes, line breaks and mark-up, so that JSON and HTML write them
 * as they are, and long enough to be nobody else's by accident.
 */
export function piecesOf(texts: Iterable<string>): readonly string[] {
  const pieces = new Set<string>();
  for (const text of texts) {
    const runs = text.split(/["\\<>&\p{Cc}]+/u).filter((run) => run.trim().length >= SHORTEST);
    for (const run of runs.slice(0, PIECES_PER_TEXT)) {
      if (pieces.size >= MOST_PIECES) return [...pieces];
      pieces.add(run.trim().slice(0, LONGEST));
    }
  }
  return [...pieces];
}

/** Every string that a JSON text holds; the text itself when it is none. */
export function stringsOf(json: string): readonly string[] {
  try {
    return leavesOf(JSON.parse(json));
  } catch {
    return [json];
  }
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
