import type { Json } from "../../core/hash.js";
import { isEqual, type ReadonlyDict } from "./python-values.js";
import type { TauState } from "./tau-state.js";

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/**
 * JSON paths at which two states of one database differ, tables and records in the order of their ids.
 *
 * @param limit - at most this many paths
 */
export function stateDifferences(actual: TauState, expected: TauState, limit: number): readonly string[] {
  const paths: string[] = [];
  const tables = new Set([...actual.changes.keys(), ...expected.changes.keys()]);
  for (const table of [...tables].sort()) {
    const ids = [actual, expected].flatMap((state) => [...(state.changes.get(table)?.keys() ?? [])]);
    for (const id of [...new Set(ids)].sort()) {
      const path = pathTo(pathTo("$", table), id);
      collect(actual.find(table, id), expected.find(table, id), path, paths, limit);
      if (paths.length >= limit) return paths;
    }
  }
  return paths;
}

function collect(
  actual: Json | undefined,
  expected: Json | undefined,
  path: string,
  paths: string[],
  limit: number,
): void {
  if (paths.length >= limit) return;
  if (actual === undefined || expected === undefined) {
    if (actual !== expected) paths.push(path);
    return;
  }
  const [left, right] = [entriesOf(actual), entriesOf(expected)];
  if (left === null || right === null || Array.isArray(actual) !== Array.isArray(expected)) {
    if (!isEqual(actual, expected) || typeof actual !== typeof expected) paths.push(path);
    return;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const next = Array.isArray(actual) ? `${path}[${key}]` : pathTo(path, key);
    collect(own(left, key), own(right, key), next, paths, limit);
  }
}

function entriesOf(value: Json): ReadonlyDict | null {
  return typeof value === "object" && value !== null ? (value as ReadonlyDict) : null;
}

function own(value: ReadonlyDict, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function pathTo(parent: string, key: string): string {
  return IDENTIFIER.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}
