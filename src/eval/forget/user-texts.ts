/** Shorter pieces may well be somebody else's words. */
const SHORTEST = 24;
const LONGEST = 48;
const MOST_PIECES = 4_000;
const PIECES_PER_TEXT = 4;

/**
 * Pieces of texts to look for after a deletion, long enough to be nobody else's by accident: how each text begins, and
 * stretches without quotes, line breaks and mark-up, which JSON and HTML write as they are.
 */
export function piecesOf(texts: Iterable<string>): readonly string[] {
  const pieces = new Set<string>();
  for (const text of texts) {
    const stretches = text.split(/["\\<>&\p{Cc}]+/u).filter((stretch) => stretch.trim().length >= SHORTEST);
    for (const stretch of [text, ...stretches.slice(0, PIECES_PER_TEXT)]) {
      const piece = [...stretch.trim().slice(0, LONGEST)].filter(isWhole).join("");
      if (piece.length < SHORTEST) continue;
      if (pieces.size >= MOST_PIECES) return [...pieces];
      pieces.add(piece);
    }
  }
  return [...pieces];
}

/** Half of a character, where a text was cut, is written in as many ways as there are formats. */
function isWhole(character: string): boolean {
  return !/^\p{Cs}$/u.test(character);
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
