import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** A YAML file as it was written, before defaults. */
export interface WrittenYaml {
  readonly value: unknown;
  /** 1-based line of a key or an item; `null` for one that is not there. */
  readonly lineOf: (path: readonly (string | number)[]) => number | null;
}

/** Reads a YAML text that was checked before. What stands behind an alias or a merge key has the line of what holds it. */
export function writtenYaml(text: string): WrittenYaml {
  const counter = new LineCounter();
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const document = parseDocument(source, { lineCounter: counter, merge: true, logLevel: "silent" });
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  return {
    value,
    lineOf: (path) => {
      if (!isThere(value, path)) return null;
      let node: unknown = document.contents;
      let offset = 0;
      for (const step of path) {
        const next = child(node, step);
        if (next === null) break;
        offset = next.offset;
        node = next.node;
      }
      return counter.linePos(offset).line;
    },
  };
}

function isThere(value: unknown, path: readonly (string | number)[]): boolean {
  let found = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return false;
    found = (found as Record<string | number, unknown>)[step];
  }
  return true;
}

function child(
  node: unknown,
  step: string | number,
): { readonly node: unknown; readonly offset: number } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair === undefined ? null : { node: pair.value, offset: startOf(pair.key) };
  }
  if (!isSeq(node)) return null;
  const item: unknown = node.items[Number(step)];
  return item === undefined ? null : { node: item, offset: startOf(item) };
}

function startOf(node: unknown): number {
  return (node as { readonly range?: readonly number[] }).range?.[0] ?? 0;
}
