/** Words for the containers of a file format, so that a message speaks the user's language. */
export interface FormatWords {
  readonly list: string;
  readonly object: string;
}

export const YAML_WORDS: FormatWords = { list: "list", object: "mapping" };
export const JSON_WORDS: FormatWords = { list: "array", object: "object" };

const MAX_SHOWN_CHARS = 40;
const MAX_NAME_CHARS = 100;

/** A value as an error message shows it: its type, and the value itself when it is short. */
export function describeFound(value: unknown, words: FormatWords): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return `string ${quoteShort(value)}`;
  if (typeof value === "number") return `number ${value}`;
  if (typeof value === "boolean") return `${value}`;
  if (Array.isArray(value))
    return value.length === 0 ? `an empty ${words.list}` : `${article(words.list)} ${words.list}`;
  return `${article(words.object)} ${words.object}`;
}

/** A type name of the schema library as a user would say it. */
export function describeWanted(expected: string, words: FormatWords): string {
  switch (expected) {
    case "array":
      return `${article(words.list)} ${words.list}`;
    case "object":
    case "record":
      return `${article(words.object)} ${words.object}`;
    case "int":
      return "a whole number";
    case "boolean":
      return "true or false";
    default:
      return `${article(expected)} ${expected}`;
  }
}

/** How to turn a value of the wrong type into the right one, or an empty text when that is not obvious. */
export function conversionHint(expected: string, value: unknown, words: FormatWords): string {
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) {
    return `; put it in quotes: "${value}"`;
  }
  if (expected === "array" && value !== null && typeof value !== "object") return "; put it in brackets: [ ]";
  if ((expected === "number" || expected === "int") && typeof value === "string" && isNumeric(value)) {
    return "; remove the quotes";
  }
  if (expected !== "boolean" || typeof value !== "string") return "";
  if (/^(true|false)$/i.test(value)) return "; remove the quotes";
  return words === YAML_WORDS && /^(yes|no|on|off)$/i.test(value)
    ? "; YAML 1.2 reads yes and no as text"
    : "";
}

/** JSON quotes around a text cut to 40 characters, control characters escaped. */
export function quoteShort(text: string): string {
  const shown = text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
  // JSON leaves U+007F to U+009F as they are, and terminals obey some of them.
  return JSON.stringify(shown).replace(/\p{Cc}/gu, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

/** A name from a user's file in back quotes; cut and escaped when it is long or holds control characters. */
export function quoteName(name: string): string {
  return name.length <= MAX_NAME_CHARS && !/\p{Cc}/u.test(name) ? `\`${name}\`` : quoteShort(name);
}

function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? "an" : "a";
}
