import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { type AnyRule, nameOf } from "../../gates/gate-kind.js";

/** Where a rule begins. */
export interface GateLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Finds the lines of gates by the names that reports give them: `… #2` is the second of one name. Files that a gate file
 * imports are looked through after its own rules; what cannot be read is left out, as whoever judges by it says so.
 *
 * @param file - absolute path of a gate file
 */
export function gateLines(file: string): (name: string) => GateLine | null {
  const found = new Map<string, GateLine[]>();
  collect(file, found, new Set());
  return (name) => {
    const exact = found.get(name)?.[0];
    if (exact !== undefined) return exact;
    const [, base, number] = /^(.*) #(\d+)$/.exec(name) ?? [];
    return (base === undefined ? undefined : found.get(base)?.[Number(number) - 1]) ?? null;
  };
}

function collect(file: string, found: Map<string, GateLine[]>, seen: Set<string>): void {
  if (seen.has(file)) return;
  seen.add(file);
  const text = textOf(file);
  if (text === null) return;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, logLevel: "silent" });
  for (const key of ["gates", "slices"]) {
    const rules = document.get(key);
    if (!isSeq(rules)) continue;
    for (const item of rules.items) {
      if (!isMap(item)) continue;
      const name = nameOf(item.toJS(document) as AnyRule);
      const line = { file, line: lines.linePos(item.range?.[0] ?? 0).line };
      found.set(name, [...(found.get(name) ?? []), line]);
    }
  }
  const imports = document.get("imports");
  if (!isSeq(imports)) return;
  for (const item of imports.items) {
    if (isScalar(item)) collect(resolve(dirname(file), String(item.value)), found, seen);
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return null;
  }
}
