import type { Json } from "../../core/hash.js";
import { PythonError } from "./python-error.js";
import { pythonNumber } from "./python-number.js";

/** A JSON value that may be changed in place; records of a session are made of these. */
export type Value = null | boolean | number | string | Value[] | Dict;
export type Dict = { [key: string]: Value };
export type ReadonlyDict = { readonly [key: string]: Json };

function isDict(value: Json): value is ReadonlyDict {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeName(value: Json): string {
  if (value === null) return "NoneType";
  if (typeof value === "string") return "str";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return Array.isArray(value) ? "list" : "dict";
}

/** A copy that shares nothing with the original. */
export function copyOf(value: Json): Value {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isDict(value)) return value as Value;
  const copy: Dict = {};
  for (const key of Object.keys(value)) setEntry(copy, key, copyOf(value[key] as Json));
  return copy;
}

/** `dict[key] = value`, also for keys such as `__proto__` that plain assignment would not store. */
export function setEntry(target: Dict, key: string, value: Value): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/** A key for a dictionary of text keys: `null` when a Python dictionary would hash it but not find it. */
export function textKey(key: Json): string | null {
  if (typeof key === "object" && key !== null) throw new PythonError(`unhashable type: '${typeName(key)}'`);
  return typeof key === "string" ? key : null;
}

/**
 * `key in dict`.
 *
 * @throws {PythonError} on an unhashable key
 */
export function hasKey(container: Json, key: Json): boolean {
  if (!isDict(container)) throw new PythonError(`argument of type '${typeName(container)}' is not iterable`);
  const text = textKey(key);
  return text !== null && Object.hasOwn(container, text);
}

/**
 * `container[key]` of a dictionary, list or text.
 *
 * @throws {PythonError} where Python raises KeyError, IndexError or TypeError
 */
export function item(container: Value, key: Json): Value;
export function item(container: Json, key: Json): Json;
export function item(container: Json, key: Json): Json {
  if (isDict(container)) {
    const text = textKey(key);
    if (text === null || !Object.hasOwn(container, text)) throw new PythonError(repr(key));
    return container[text] as Json;
  }
  if (!Array.isArray(container) && typeof container !== "string") {
    throw new PythonError(`'${typeName(container)}' object is not subscriptable`);
  }
  const kind = typeof container === "string" ? "string" : "list";
  if (typeof key !== "boolean" && !(typeof key === "number" && Number.isInteger(key))) {
    throw new PythonError(`${kind} indices must be integers or slices, not ${typeName(key)}`);
  }
  const found = iterate(container).at(Number(key));
  if (found === undefined) throw new PythonError(`${kind} index out of range`);
  return found;
}

/** The dictionary at `container[key]`, to be changed in place. */
export function dictAt(container: Value, key: string): Dict {
  const found = item(container, key);
  if (!isDict(found)) throw new PythonError(`'${typeName(found)}' object does not support item assignment`);
  return found;
}

/** `for x in value`: items of a list, keys of a dictionary, characters of a text. */
export function iterate(value: Value): Value[];
export function iterate(value: Json): readonly Json[];
export function iterate(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return Array.from(value);
  if (isDict(value)) return Object.keys(value);
  throw new PythonError(`'${typeName(value)}' object is not iterable`);
}

/** `len(value)`. */
export function length(value: Json): number {
  if (typeof value === "object" || typeof value === "string") {
    if (value !== null) return iterate(value).length;
  }
  throw new PythonError(`object of type '${typeName(value)}' has no len()`);
}

/** `list.append` / `list.extend`. */
export function append(list: Value, ...values: Value[]): void {
  if (!Array.isArray(list)) throw new PythonError(`'${typeName(list)}' object has no attribute 'append'`);
  list.push(...values);
}

/** The number in an arithmetic expression; `True` counts 1, as in Python. */
export function numeric(value: Json): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  throw new PythonError(`unsupported operand type(s): 'int' and '${typeName(value)}'`);
}

/** `left < right` of two numbers or two texts. */
export function isLess(left: Json, right: Json): boolean {
  if (typeof left === "string" && typeof right === "string") return left < right;
  const comparable = [left, right].every((side) => typeof side === "number" || typeof side === "boolean");
  if (comparable) return Number(left) < Number(right);
  throw new PythonError(
    `'<' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

/** `left == right`, by value and deep; `True` equals 1. */
export function isEqual(left: Json, right: Json): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((entry, index) => isEqual(entry, right[index] as Json));
  }
  if (isDict(left) && isDict(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key] as Json, right[key] as Json))
    );
  }
  if (typeof left === "boolean" && typeof right === "number") return Number(left) === right;
  if (typeof left === "number" && typeof right === "boolean") return left === Number(right);
  return left === right;
}

/** `list.count(value)`, or the count of non-overlapping occurrences in a text. */
export function count(container: Json, value: Json): number {
  if (typeof container === "string" && typeof value === "string") return container.split(value).length - 1;
  if (!Array.isArray(container)) {
    throw new PythonError(`'${typeName(container)}' object has no attribute 'count'`);
  }
  return container.filter((entry) => isEqual(entry, value)).length;
}

/** `value.lower()`. */
export function lower(value: Json): string {
  if (typeof value === "string") return value.toLowerCase();
  throw new PythonError(`'${typeName(value)}' object has no attribute 'lower'`);
}

/** `str(value)`, as an f-string prints it. */
export function str(value: Json): string {
  return typeof value === "string" ? value : repr(value);
}

/** `repr(value)`. */
export function repr(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return pythonNumber(value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  const entries = Object.entries(value).map(([key, entry]) => `${quoted(key)}: ${repr(entry)}`);
  return `{${entries.join(", ")}}`;
}

const ESCAPES: { readonly [character: string]: string } = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = Array.from(text, (character) => {
    if (character === quote) return `\\${quote}`;
    const code = character.charCodeAt(0);
    if (ESCAPES[character] !== undefined) return ESCAPES[character];
    return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, "0")}` : character;
  });
  return quote + body.join("") + quote;
}
