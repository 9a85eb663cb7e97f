import type { Json } from "../../../core/hash.js";
import type { Attributes } from "./span.js";

export type JsonObject = { readonly [key: string]: Json };

/** The first of some attributes that is a text; conventions have changed, so that most facts have several names. */
export function textAt(attributes: Attributes, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = attributes.get(key);
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}

/** The first of some attributes that is a number of at least 0. */
export function amountAt(attributes: Attributes, ...keys: readonly string[]): number | null {
  for (const key of keys) {
    const value = attributes.get(key);
    if (typeof value === "number" && value >= 0) return value;
  }
  return null;
}

/**
 * The first of some attributes that is there, with JSON in a text unpacked: structured values are sent either way.
 *
 * @returns `undefined` when there is none
 */
export function valueAt(attributes: Attributes, ...keys: readonly string[]): Json | undefined {
  for (const key of keys) {
    const value = attributes.get(key);
    if (value !== undefined && value !== null) return unpacked(value);
  }
  return undefined;
}

/** A text that is JSON as what it says; anything else as it is. */
export function unpacked(value: Json): Json {
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** A value as text: a text as it is, anything else as JSON. */
export function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The items of a list; nothing of anything else. */
export function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Longest list that is put together of flat attributes; an index beyond it is left out. */
const MAX_INDEX = 10_000;

/**
 * Puts together what was sent flat: `prefix.0.role`, `prefix.0.content` become a list of objects.
 *
 * @returns `null` when no attribute begins with the prefix
 */
export function unflattened(attributes: Attributes, prefix: string): Json | null {
  const start = `${prefix}.`;
  const root: Branch = new Map();
  for (const [key, value] of attributes) {
    if (key.startsWith(start)) plant(root, key.slice(start.length).split("."), value);
  }
  return root.size === 0 ? null : grown(root);
}

type Branch = Map<string, Branch | { readonly leaf: Json }>;

function plant(branch: Branch, [step, ...rest]: readonly string[], value: Json): void {
  if (step === undefined) return;
  if (rest.length === 0) {
    branch.set(step, { leaf: value });
    return;
  }
  const known = branch.get(step);
  const next: Branch = known instanceof Map ? known : new Map();
  branch.set(step, next);
  plant(next, rest, value);
}

function grown(branch: Branch): Json {
  const entries = [...branch].map(([key, one]) => [key, one instanceof Map ? grown(one) : one.leaf] as const);
  if (!entries.every(([key]) => /^\d+$/.test(key))) return Object.fromEntries(entries);
  return entries
    .filter(([key]) => Number(key) <= MAX_INDEX)
    .sort(([first], [second]) => Number(first) - Number(second))
    .map(([, value]) => value);
}
