import { canonicalJson } from "../../core/hash.js";
import { normaliseText } from "../../metrics/text.js";
import { type DatasetFinding, findingOf, type PlacedCase } from "./dataset-finding.js";
import { inputText } from "./input-text.js";
import { crossSplitDuplicates, type NearDuplicate, nearDuplicates } from "./near-duplicates.js";
import type { Fingerprints } from "./similarity-index.js";

/**
 * Cases that repeat another: word for word, nearly, or with the same question and another expectation.
 * Near-duplicates that share a `group` are left out: they are declared to be paraphrases, and intervals count them
 * as one. So are those in different splits, which {@link findTextLeaks} tells.
 */
export function findDuplicates(
  placed: readonly PlacedCase[],
  fingerprints: Fingerprints,
): readonly DatasetFinding[] {
  const exact = repetitions(placed, contentKey);
  const near = nearDuplicates(fingerprints).filter(
    ({ duplicate, index }) =>
      !exact.has(duplicate) &&
      placed[duplicate]!.goldenCase.split === placed[index]!.goldenCase.split &&
      !isSameGroup(placed[duplicate]!, placed[index]!),
  );
  const conflicts = [...repetitions(placed, questionKey)].filter(
    ([later, first]) =>
      !exact.has(later) && expectationKey(placed[later]!) !== expectationKey(placed[first]!),
  );
  const conflicting = new Set(conflicts.map(([later]) => later));
  return [
    ...[...exact].map(([later, first]) =>
      findingOf("exact-duplicate", "has the same content as", [placed[later]!, placed[first]!], 1),
    ),
    ...conflicts.map(([later, first]) =>
      findingOf("conflict", "asks the same and expects something else than", [
        placed[later]!,
        placed[first]!,
      ]),
    ),
    ...near
      .filter(({ duplicate }) => !conflicting.has(duplicate))
      .map((pair) => pairFinding("near-duplicate", "is nearly the same as", placed, pair)),
  ];
}

/** Texts that are nearly the same on two sides of a split. */
export function findTextLeaks(
  placed: readonly PlacedCase[],
  fingerprints: Fingerprints,
): readonly DatasetFinding[] {
  const cases = placed.map((one) => one.goldenCase);
  return crossSplitDuplicates(cases, fingerprints).map((pair) => {
    const isHoldout = cases[pair.duplicate]!.split === "holdout";
    return pairFinding(
      isHoldout ? "leak-text" : "overlap-text",
      `of ${cases[pair.duplicate]!.split} is nearly the same as one of ${cases[pair.index]!.split},`,
      placed,
      pair,
    );
  });
}

/** Groups of one file with cases in two splits. */
export function findGroupLeaks(placed: readonly PlacedCase[]): readonly DatasetFinding[] {
  const groups = new Map<string, PlacedCase[]>();
  for (const one of placed) {
    const key = `${one.file}\0${one.goldenCase.group}`;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [one]);
    else members.push(one);
  }
  return [...groups.values()].flatMap((members) => {
    const splits = [...new Set(members.map((one) => one.goldenCase.split))].sort();
    if (splits.length < 2) return [];
    const group = members[0]!.goldenCase.group;
    const code = splits.includes("holdout") ? "leak-group" : "overlap-group";
    return [findingOf(code, `group \`${group}\` is in ${splits.join(" and ")}`, members)];
  });
}

function pairFinding(
  code: Parameters<typeof findingOf>[0],
  message: string,
  placed: readonly PlacedCase[],
  { duplicate, index, similarity }: NearDuplicate,
): DatasetFinding {
  return findingOf(code, message, [placed[duplicate]!, placed[index]!], similarity);
}

/** Position of each later case with a key, and of the first one with it. */
function repetitions(
  placed: readonly PlacedCase[],
  keyOf: (one: PlacedCase) => string,
): ReadonlyMap<number, number> {
  const first = new Map<string, number>();
  const later = new Map<number, number>();
  for (const [position, one] of placed.entries()) {
    const key = keyOf(one);
    const seen = first.get(key);
    if (seen === undefined) first.set(key, position);
    else later.set(position, seen);
  }
  return later;
}

/** What is run and checked: not the name, the labels to select by, the review. */
function contentKey({ goldenCase: { input, expect, environment } }: PlacedCase): string {
  return canonicalJson({ input, expect, environment });
}

function questionKey({ goldenCase: { input, environment } }: PlacedCase): string {
  return `${input.kind}\0${environment}\0${normaliseText(inputText(input))}`;
}

function expectationKey({ goldenCase: { expect } }: PlacedCase): string {
  return canonicalJson(expect);
}

function isSameGroup(a: PlacedCase, b: PlacedCase): boolean {
  return a.file === b.file && a.goldenCase.group === b.goldenCase.group;
}
