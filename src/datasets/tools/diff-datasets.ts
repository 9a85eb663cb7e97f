import type { Dataset, GoldenCase } from "../../core/golden-case.js";
import { canonicalJson } from "../../core/hash.js";
import { inputText } from "./input-text.js";

/** A case that only one version has. `text` is `null` for holdout cases, whose texts are never shown. */
export interface LoneCase {
  readonly id: string;
  readonly line: number;
  readonly split: GoldenCase["split"];
  readonly text: string | null;
}

/** One key that differs, as in the file (`expect.must_include`). Values are JSON texts; `null` where hidden. */
export interface KeyChange {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface ChangedCase {
  readonly id: string;
  readonly lineBefore: number;
  readonly lineAfter: number;
  /** Whether the case is in the holdout of either version; its values are hidden then. */
  readonly isHoldout: boolean;
  readonly changes: readonly KeyChange[];
}

/** What differs between two versions of a golden set. */
export interface DatasetDiff {
  readonly before: DatasetVersion;
  readonly after: DatasetVersion;
  readonly added: readonly LoneCase[];
  readonly removed: readonly LoneCase[];
  /** Same content under another id. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly changed: readonly ChangedCase[];
  readonly unchanged: number;
  /** Whether the cases that both have stand in another order, which changes the hash too. */
  readonly isReordered: boolean;
}

interface DatasetVersion {
  readonly path: string;
  readonly hash: string;
  readonly cases: number;
}

/** Keys that may be told of holdout cases: they say nothing of the text. */
const TELLING = new Set(["split", "risk", "tags", "review", "environment"]);

/** Compares two versions by case id. */
export function diffDatasets(before: Dataset, after: Dataset): DatasetDiff {
  const old = byId(before.cases);
  const current = byId(after.cases);
  const removed = before.cases.filter((one) => !current.has(one.id));
  const added = after.cases.filter((one) => !old.has(one.id));
  const renamed = pairRenamed(removed, added);
  const gone = new Set(renamed.map((pair) => pair.from));
  const come = new Set(renamed.map((pair) => pair.to));
  const kept = after.cases.flatMap((one) => {
    const earlier = old.get(one.id);
    return earlier === undefined ? [] : [{ earlier, one }];
  });
  const changed = kept
    .filter(({ earlier, one }) => earlier.hash !== one.hash)
    .map(({ earlier, one }) => changesOf(earlier, one));
  const order = before.cases.filter((one) => current.has(one.id)).map((one) => one.id);
  return {
    before: versionOf(before),
    after: versionOf(after),
    added: added.filter((one) => !come.has(one.id)).map(loneCase),
    removed: removed.filter((one) => !gone.has(one.id)).map(loneCase),
    renamed,
    changed,
    unchanged: kept.length - changed.length,
    isReordered: kept.some(({ one }, position) => one.id !== order[position]),
  };
}

function versionOf({ path, hash, cases }: Dataset): DatasetVersion {
  return { path, hash, cases: cases.length };
}

function byId(cases: readonly GoldenCase[]): ReadonlyMap<string, GoldenCase> {
  return new Map(cases.map((one) => [one.id, one]));
}

function loneCase({ id, line, split, input }: GoldenCase): LoneCase {
  return { id, line, split, text: split === "holdout" ? null : inputText(input) };
}

function pairRenamed(removed: readonly GoldenCase[], added: readonly GoldenCase[]): DatasetDiff["renamed"] {
  const free = new Map<string, GoldenCase[]>();
  for (const one of removed) {
    const key = contentWithoutId(one);
    free.set(key, [...(free.get(key) ?? []), one]);
  }
  return added.flatMap((one) => {
    const from = free.get(contentWithoutId(one))?.shift();
    return from === undefined ? [] : [{ from: from.id, to: one.id }];
  });
}

function contentWithoutId({ id, line: _line, hash: _hash, group, ...content }: GoldenCase): string {
  return canonicalJson({ ...content, group: group === id ? null : group });
}

function changesOf(earlier: GoldenCase, later: GoldenCase): ChangedCase {
  const isHoldout = earlier.split === "holdout" || later.split === "holdout";
  const before = keysOf(earlier);
  const after = keysOf(later);
  const changes = Object.keys(before)
    .filter((key) => before[key] !== after[key])
    .map((key) => {
      const isHidden = isHoldout && !TELLING.has(key);
      return {
        key,
        before: isHidden ? null : (before[key] ?? ""),
        after: isHidden ? null : (after[key] ?? ""),
      };
    });
  return { id: later.id, lineBefore: earlier.line, lineAfter: later.line, isHoldout, changes };
}

function keysOf(one: GoldenCase): { readonly [key: string]: string } {
  const { expect } = one;
  const values = {
    input: one.input,
    "expect.sources": expect.sources,
    "expect.must_include": expect.mustInclude,
    "expect.must_not_include": expect.mustNotInclude,
    "expect.answer": expect.answer,
    "expect.tool_calls": expect.toolCalls,
    "expect.tool_calls_mode": expect.toolCallsMode,
    "expect.state": expect.state,
    "expect.outputs": expect.outputs,
    "expect.refusal": expect.refusal,
    environment: one.environment,
    risk: one.risk,
    tags: one.tags,
    group: one.group,
    split: one.split,
    review: one.review,
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, canonicalJson(value)]));
}
