import { describeFound, JSON_WORDS } from "../../config/found-and-wanted.js";
import type { TargetKind } from "./table-mapping.js";

type Converted = { readonly value: unknown } | { readonly wanted: string };

/**
 * A mapped value as its key wants it. Texts from CSV that spell a number, a truth value, a JSON array or object are
 * read as such where the key wants one; a blank text is missing, never 0.
 *
 * @returns `value: undefined` where there is none, or what is wanted and was not found
 */
export function convert(value: unknown, kind: TargetKind): Converted {
  if (value === null || value === undefined) return { value: undefined };
  if (typeof value === "string" && value.trim() === "" && kind !== "text") return { value: undefined };
  return CONVERTERS[kind](value);
}

/** What was found in a message, e.g. `string "fast"`. */
export function found(value: unknown): string {
  return describeFound(value, JSON_WORDS);
}

const CONVERTERS: Readonly<Record<TargetKind, (value: unknown) => Converted>> = {
  text: (value) => {
    if (typeof value === "string") return { value };
    return { value: typeof value === "object" ? JSON.stringify(value) : String(value) };
  },
  number: (value) => {
    const number = typeof value === "boolean" ? Number(value) : numberOf(value);
    return number === null ? { wanted: "a number" } : { value: number };
  },
  count: (value) => {
    const number = numberOf(value);
    return number === null || !Number.isSafeInteger(number) || number < 0
      ? { wanted: "a whole number of at least 0" }
      : { value: number };
  },
  boolean: (value) => {
    const truth = truthOf(value);
    return truth === null ? { wanted: "true or false (also yes, no, pass, fail, 1, 0)" } : { value: truth };
  },
  list: (value) => {
    if (Array.isArray(value)) return { value: value.filter((item) => item !== null && item !== "") };
    const parsed = typeof value === "string" && value.trim().startsWith("[") ? parseJson(value) : undefined;
    return { value: Array.isArray(parsed) ? parsed : [typeof value === "string" ? value : String(value)] };
  },
  object: (value) => {
    const parsed = typeof value === "string" ? parseJson(value) : value;
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? { value: parsed }
      : { wanted: "a JSON object" };
  },
  any: (value) => {
    if (typeof value === "number" || typeof value === "boolean") return { value: String(value) };
    const isJson = typeof value === "string" && /^\s*[[{]/.test(value);
    const parsed = isJson ? parseJson(value) : undefined;
    return { value: parsed === undefined ? value : parsed };
  },
};

const TRUE = new Set(["true", "yes", "y", "pass", "passed", "success", "correct", "1", "1.0", "c"]);
const FALSE = new Set(["false", "no", "n", "fail", "failed", "failure", "incorrect", "0", "0.0", "i"]);

function truthOf(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== "string") return null;
  const word = value.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : null;
}

function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || !/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(value.trim())) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
