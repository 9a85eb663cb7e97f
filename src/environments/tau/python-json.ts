import type { Json } from "../../core/hash.js";
import { pythonNumber } from "./python-number.js";

/** Python's `json.dumps(value)`: `", "` and `": "` between parts, everything outside printable ASCII escaped. */
export function dumps(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return pythonNumber(value);
  if (typeof value === "string") return dumpText(value);
  if (Array.isArray(value)) return `[${value.map(dumps).join(", ")}]`;
  const parts: string[] = [];
  for (const [key, entry] of Object.entries(value)) parts.push(`${dumpText(key)}: ${dumps(entry)}`);
  return `{${parts.join(", ")}}`;
}

function dumpText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * The text whose SHA-256 is a state's hash: Python's
 * `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)` with integral floats written
 * as integers. Unlike `canonicalJson` of core, keys go by code point and small numbers get Python's exponent.
 */
export function canonicalState(value: Json): string {
  if (typeof value === "number") return pythonNumber(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalState).join(",")}]`;
  const record = value as { readonly [key: string]: Json };
  const parts = Object.keys(record)
    .sort(compareCodePoints)
    .map((key) => `${JSON.stringify(key)}:${canonicalState(record[key] as Json)}`);
  return `{${parts.join(",")}}`;
}

/**
 * Order of Python strings. JavaScript's own order goes by UTF-16 unit and so puts U+E000..U+FFFF after the
 * surrogates that spell higher code points.
 */
export function compareCodePoints(left: string, right: string): number {
  const end = Math.min(left.length, right.length);
  for (let index = 0; index < end; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
