import type { Json } from "../../core/hash.js";

/** A whole number that was written as a float, 5.0: Python tells it from 5, JSON does not. */
export class WholeFloat {
  constructor(readonly value: number) {}
}

/** A tuple of Python, which JSON writes as a list. */
export class PythonTuple {
  constructor(readonly items: readonly PythonValue[]) {}
}

/** A value of Python that JSON can hold, with the differences that JSON drops. */
export type PythonValue =
  | null
  | boolean
  | number
  | string
  | WholeFloat
  | PythonTuple
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

export type PythonObject = { readonly [key: string]: PythonValue };

type Kind = "null" | "boolean" | "integer" | "float" | "string" | "list" | "tuple" | "dict";

/** What JSON keeps of a value. */
export function jsonOf(value: PythonValue): Json {
  if (value instanceof WholeFloat) return value.value;
  if (value instanceof PythonTuple) return value.items.map(jsonOf);
  if (isList(value)) return value.map(jsonOf);
  if (isDict(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item)]));
  }
  return value;
}

export function isList(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value);
}

export function isDict(value: PythonValue): value is PythonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !isList(value) &&
    !(value instanceof WholeFloat || value instanceof PythonTuple)
  );
}

/**
 * The Python types that a value may have.
 *
 * @param isExact - whether whole numbers are known to be `int` unless they are a {@link WholeFloat}; otherwise the
 *   value came through JSON, where a whole number may be either
 */
export function kindsOf(value: PythonValue, isExact: boolean): readonly Kind[] {
  if (value === null) return ["null"];
  if (typeof value === "boolean") return ["boolean"];
  if (typeof value === "string") return ["string"];
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return ["float"];
    return isExact ? ["integer"] : ["integer", "float"];
  }
  if (value instanceof WholeFloat) return ["float"];
  if (value instanceof PythonTuple) return ["tuple"];
  return isList(value) ? ["list"] : ["dict"];
}

/** Equality as `==` of Python has it: numbers by value, `True` is 1, a tuple is no list. */
export function samePython(a: PythonValue, b: PythonValue, tolerance: number): boolean {
  const left = numberOf(a);
  const right = numberOf(b);
  if (left !== null && right !== null) return left === right || Math.abs(left - right) <= tolerance;
  if (a instanceof PythonTuple || b instanceof PythonTuple) {
    if (!(a instanceof PythonTuple && b instanceof PythonTuple)) return false;
    return samePython(a.items, b.items, tolerance);
  }
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, index) => samePython(item, b[index]!, tolerance));
  }
  if (isDict(a) && isDict(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && samePython(a[key]!, b[key]!, tolerance))
    );
  }
  return a === b;
}

function numberOf(value: PythonValue): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return value instanceof WholeFloat ? value.value : null;
}
