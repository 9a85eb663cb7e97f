import type { Label } from "./contingency-table.js";
import { fleissKappa } from "./fleiss-kappa.js";
import type { Interval } from "./interval.js";
import { StatisticsError } from "./statistics-error.js";
import { requireLevel } from "./validate.js";
import { wilson } from "./wilson.js";

/** How alike the answers of one judge are when it is asked again about the same item. */
export interface TestRetest {
  /** Items with at least one vote. */
  readonly items: number;
  /** Items with at least two: the others say nothing here. */
  readonly repeated: number;
  /** Of the repeated items, those whose votes are all equal. */
  readonly unanimous: number;
  /** Share of unanimous items with Wilson's interval; estimate `null` without a repeated item. More votes, fewer
   * unanimous items: compare only at the same number of votes. */
  readonly consistency: Interval;
  /** Mean over the repeated items of the share of vote pairs that are equal, in [0, 1]; whatever the votes' number. */
  readonly pairwiseAgreement: number | null;
  /** Fleiss' kappa of the repeated items; `null` when they differ in votes, or one category holds all of them. */
  readonly fleissKappa: number | null;
  /** Why a figure is `null`; `null` when none is. */
  readonly reason: string | null;
}

/**
 * Test–retest consistency of repeated votes. A consistent judge may be consistently wrong: this is no validity.
 *
 * @param votes - the votes of each item, in any order; leave refusals and unreadable answers out and count them
 * @param options.level - confidence in (0, 1), default 0.95
 * @throws {StatisticsError} if a vote is NaN or the level is outside (0, 1)
 * @see Fleiss 1971, Psychol Bull 76(5):378
 */
export function testRetest(
  votes: readonly (readonly Label[])[],
  options: { readonly level?: number } = {},
): TestRetest {
  const { level = 0.95 } = options;
  requireLevel(level);
  for (const [item, own] of votes.entries()) {
    if (own.some(Number.isNaN)) throw new StatisticsError(`expected no vote of item ${item} to be NaN`);
  }
  const repeated = votes.filter((own) => own.length >= 2);
  const categories = [...new Set(repeated.flat())];
  const table = repeated.map((own) => {
    const counts = new Map<Label, number>();
    for (const vote of own) counts.set(vote, (counts.get(vote) ?? 0) + 1);
    return categories.map((category) => counts.get(category) ?? 0);
  });
  const agreements = table.map((row, item) => {
    const count = repeated[item]!.length;
    return row.reduce((sum, own) => sum + own * (own - 1), 0) / (count * (count - 1));
  });
  const unanimous = agreements.filter((agreement) => agreement === 1).length;
  const isEven = repeated.every((own) => own.length === repeated[0]?.length);
  const kappa = isEven ? fleissKappa(table).kappa : null;
  return {
    items: votes.filter((own) => own.length > 0).length,
    repeated: repeated.length,
    unanimous,
    consistency: wilson(unanimous, repeated.length, level),
    pairwiseAgreement:
      repeated.length === 0 ? null : agreements.reduce((sum, share) => sum + share, 0) / repeated.length,
    fleissKappa: kappa,
    reason: reasonOf(repeated.length, isEven, kappa),
  };
}

function reasonOf(repeated: number, isEven: boolean, kappa: number | null): string | null {
  if (repeated === 0) return "no item has two votes";
  if (!isEven) return "items differ in their number of votes: no Fleiss' kappa";
  return kappa === null ? "every vote is the same: no Fleiss' kappa" : null;
}
