import type { Json } from "../../../core/hash.js";

/** A value found at a path; `undefined` where the path leads nowhere. */
export interface FoundValue {
  /** Where exactly, such as `items.2.discount`. */
  readonly place: string;
  readonly value: Json | undefined;
}

/**
 * Every value that a dotted path leads to. `*` stands for each item of a list and each value of an object. A list in the
 * place of an object stands for each of its items, so that wrapping a value does not hide it.
 */
export function valuesAt(root: Json, path: string): readonly FoundValue[] {
  return walk(root, path.split("."), "");
}

function walk(value: Json | undefined, steps: readonly string[], place: string): readonly FoundValue[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [{ place, value }];
  const below = (key: string, child: Json | undefined) =>
    walk(child, rest, place === "" ? key : `${place}.${key}`);
  if (typeof value !== "object" || value === null) return [{ place: joined(place, steps), value: undefined }];
  const isIndex = /^(0|[1-9]\d*)$/.test(step);
  if (step === "*") return Object.entries(value).flatMap(([key, child]) => below(key, child));
  if (Array.isArray(value) && !isIndex) {
    if (value.length === 0) return [{ place: joined(place, steps), value: undefined }];
    return value.flatMap((child: Json, index) => walk(child, steps, joined(place, [String(index)])));
  }
  return below(step, Object.hasOwn(value, step) ? (value as { [key: string]: Json })[step] : undefined);
}

function joined(place: string, steps: readonly string[]): string {
  return [...(place === "" ? [] : [place]), ...steps].join(".");
}
