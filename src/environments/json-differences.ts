import type { Json } from "../core/hash.js";

function isContainer(value: Json | undefined): value is Json & object {
  return typeof value === "object" && value !== null;
}

function collect(
  left: Json | undefined,
  right: Json | undefined,
  path: string,
  found: string[],
  limit: number,
) {
  if (found.length >= limit || left === right) return;
  if (!isContainer(left) || !isContainer(right) || Array.isArray(left) !== Array.isArray(right)) {
    found.push(path);
    return;
  }
  const a = left as { readonly [key: string]: Json };
  const b = right as { readonly [key: string]: Json };
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const step = Array.isArray(left) ? `[${key}]` : /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `["${key}"]`;
    collect(a[key], b[key], path + step, found, limit);
  }
}

/**
 * Paths of the values that differ between two JSON values, e.g. `$["A-1042"].status`; a key
 * that only one side has is such a path, whatever is below it.
 *
 * @param limit - most paths to return
 */
export function jsonDifferences(left: Json, right: Json, limit: number): string[] {
  const found: string[] = [];
  collect(left, right, "$", found, limit);
  return found;
}
