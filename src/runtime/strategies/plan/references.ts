import { canonicalJson, type Json } from "../../../core/hash.js";
import type { Comparison, Precondition, ResultReference } from "./plan.js";

/** Result of a step by its id; `undefined` when there is none. */
export type ResultOf = (stepId: string) => Json | undefined;

/** A reference to something that the result of the step does not hold. */
export class MissingResultError extends Error {
  override readonly name = "MissingResultError";
}

/** Whether a value is a reference to the result of a step. */
function isReference(value: Json): value is Json & ResultReference {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "$from" in value;
}

/** Every reference within a value. */
export function referencesIn(value: Json): readonly ResultReference[] {
  if (isReference(value)) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

/**
 * A value with the results put in.
 *
 * @throws {MissingResultError} when a result does not hold what is referred to
 */
export function resolveReferences(value: Json, resultOf: ResultOf): Json {
  if (isReference(value)) {
    const found = valueAtPath(resultOf(value.$from), value.path ?? "");
    if (found !== undefined) return found;
    throw new MissingResultError(`the result of step ${value.$from} has no ${value.path || "value"}`);
  }
  if (Array.isArray(value)) return value.map((item: Json) => resolveReferences(item, resultOf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, Json]) => [key, resolveReferences(item, resultOf)]),
  );
}

/** Whether a precondition holds. Numbers are ordered as numbers and texts as texts; anything else has no order. */
export function holds({ from, path, op, value }: Precondition, resultOf: ResultOf): boolean {
  const found = valueAtPath(resultOf(from), path);
  if (op === "exists") return found !== undefined && found !== null;
  if (found === undefined) return false;
  if (op === "in") return Array.isArray(value) && value.some((one: Json) => isEqual(one, found));
  if (op === "eq") return isEqual(found, value);
  if (op === "ne") return !isEqual(found, value);
  const isOrdered = typeof found === typeof value && (typeof found === "number" || typeof found === "string");
  return isOrdered && ORDERED[op](found as number, value as number);
}

const ORDERED: Readonly<
  Record<Exclude<Comparison, "eq" | "ne" | "in" | "exists">, (a: number, b: number) => boolean>
> = {
  lt: (found, wanted) => found < wanted,
  lte: (found, wanted) => found <= wanted,
  gt: (found, wanted) => found > wanted,
  gte: (found, wanted) => found >= wanted,
};

function isEqual(one: Json, other: Json): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function valueAtPath(value: Json | undefined, path: string): Json | undefined {
  let found = value;
  for (const key of path === "" ? [] : path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as { readonly [key: string]: Json })[key];
  }
  return found;
}
