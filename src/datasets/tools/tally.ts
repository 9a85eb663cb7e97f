import type { GoldenCase } from "../../core/golden-case.js";

/** How many cases have a value. */
export interface Tally {
  /** `null`: the cases that state none. */
  readonly value: string | null;
  readonly cases: number;
  /** Of all cases, in [0, 1]. */
  readonly share: number;
}

const RISKS = ["critical", "high", "medium", "low", null] as const;
const SPLITS = ["dev", "test", "holdout"] as const;

/** Cases by split; a split without cases is left out. */
export function tallySplits(cases: readonly GoldenCase[]): readonly Tally[] {
  return tallyIn(SPLITS, cases, (one) => one.split);
}

/** Cases by risk, the highest first; a level without cases is left out. */
export function tallyRisks(cases: readonly GoldenCase[]): readonly Tally[] {
  return tallyIn(RISKS, cases, (one) => one.risk);
}

/** Cases by tag, the commonest first. A case counts once for each of its tags, so shares can add up to more than 1. */
export function tallyTags(cases: readonly GoldenCase[]): readonly Tally[] {
  const untagged = cases.filter((one) => one.tags.length === 0).length;
  const tags = tallyOf(
    cases.flatMap((one) => [...new Set(one.tags)]),
    cases.length,
  );
  return untagged === 0 ? tags : [...tags, { value: null, cases: untagged, share: untagged / cases.length }];
}

/** Cases by any value, the commonest first, then by name. */
export function tallyOf(values: readonly (string | null)[], total: number): readonly Tally[] {
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, cases]) => ({ value, cases, share: cases / total }))
    .sort((a, b) => b.cases - a.cases || ((a.value ?? "") < (b.value ?? "") ? -1 : 1));
}

function tallyIn<Value extends string | null>(
  order: readonly Value[],
  cases: readonly GoldenCase[],
  pick: (one: GoldenCase) => Value,
): readonly Tally[] {
  return order
    .map((value) => {
      const count = cases.filter((one) => pick(one) === value).length;
      return { value, cases: count, share: count / cases.length };
    })
    .filter((tally) => tally.cases > 0);
}
