import { quoteName } from "../config/found-and-wanted.js";

/** Deepest nesting that a line may have; deeper ones would overflow the stack of recursive readers. */
export const MAX_JSON_DEPTH = 200;

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * What `JSON.parse` hides about a text that it accepts: a key that occurs twice in an object (the parser
 * keeps the last and drops the first in silence), the key `__proto__`, or nesting beyond
 * {@link MAX_JSON_DEPTH}.
 *
 * @param text - valid JSON
 * @returns the message of the first finding, or `null` when all is well
 */
export function checkJsonKeys(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  for (let offset = 0; offset < text.length; offset++) {
    switch (text.charCodeAt(offset)) {
      case OPEN_BRACE:
        open.push(new Set());
        break;
      case OPEN_BRACKET:
        open.push(null);
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        open.pop();
        break;
      case QUOTE: {
        const end = endOfString(text, offset);
        if (isFollowedByColon(text, end)) {
          const key = keyText(text.slice(offset, end));
          const keys = open.at(-1);
          if (keys?.has(key)) return `duplicate key ${quoteName(key)} in one object; keep one`;
          if (key === "__proto__")
            return "the key `__proto__` is refused, because it cannot be kept; rename it";
          keys?.add(key);
        }
        offset = end - 1;
        break;
      }
    }
    if (open.length > MAX_JSON_DEPTH) {
      return `is nested deeper than ${MAX_JSON_DEPTH} levels`;
    }
  }
  return null;
}

/** Offset just behind the closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(text: string, offset: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(offset - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function isFollowedByColon(text: string, offset: number): boolean {
  let next = offset;
  while (text.charCodeAt(next) <= 0x20) next++;
  return text.charCodeAt(next) === COLON;
}

function keyText(quoted: string): string {
  return quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}
