import type { Json } from "../../../core/hash.js";

/** A value of a framework as JSON; what JSON has no form for becomes its text. */
export function jsonValue(value: unknown): Json {
  try {
    return (JSON.parse(JSON.stringify(value) ?? "null") as Json) ?? null;
  } catch {
    return String(value);
  }
}

/** Arguments of a tool as an object: JSON text is unpacked, and a plain value has the name `input`. */
export function jsonArguments(value: unknown): { readonly [key: string]: Json } {
  const read = jsonValue(typeof value === "string" ? unpacked(value) : value);
  if (read === null) return {};
  return typeof read === "object" && !Array.isArray(read)
    ? (read as { readonly [key: string]: Json })
    : { input: read };
}

function unpacked(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
