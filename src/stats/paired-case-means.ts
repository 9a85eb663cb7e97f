import type { ClusterKey } from "./interval.js";
import { requireFinite, requireSameLength } from "./validate.js";

/** Scores of trials with the case that each belongs to. */
export interface CaseScores {
  readonly values: ArrayLike<number>;
  readonly cases: ArrayLike<ClusterKey>;
}

export interface PairedCaseMeans {
  /** Cases that both runs scored, in the order of the baseline. */
  readonly cases: readonly ClusterKey[];
  readonly baseline: readonly number[];
  readonly current: readonly number[];
  /** Current minus baseline, one a case. */
  readonly differences: readonly number[];
  /** Cases left out because only the baseline scored them. */
  readonly baselineOnly: number;
  /** Cases left out because only the current run scored them. */
  readonly currentOnly: number;
}

/**
 * Reduces the trials of each case to their mean and pairs the runs case by case. Trials of one case are not
 * independent, so every paired test wants these means; numbers of trials may differ.
 *
 * @throws {StatisticsError} on a score that is not finite, or lengths that differ
 */
export function pairedCaseMeans(baseline: CaseScores, current: CaseScores): PairedCaseMeans {
  const before = meansByCase("baseline", baseline);
  const after = meansByCase("current", current);
  const cases = [...before.keys()].filter((key) => after.has(key));
  return {
    cases,
    baseline: cases.map((key) => before.get(key)!),
    current: cases.map((key) => after.get(key)!),
    differences: cases.map((key) => after.get(key)! - before.get(key)!),
    baselineOnly: before.size - cases.length,
    currentOnly: after.size - cases.length,
  };
}

/** Sums distances from each case's first score, so that equal scores have exactly that mean, however many they are. */
function meansByCase(name: string, { values, cases }: CaseScores): Map<ClusterKey, number> {
  requireFinite(`${name} values`, values);
  requireSameLength(`${name} values`, values, `${name} cases`, cases);
  const sums = new Map<ClusterKey, { readonly first: number; beyond: number; trials: number }>();
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const entry = sums.get(cases[index]!);
    if (entry === undefined) sums.set(cases[index]!, { first: value, beyond: 0, trials: 1 });
    else {
      entry.beyond += value - entry.first;
      entry.trials += 1;
    }
  }
  return new Map([...sums].map(([key, { first, beyond, trials }]) => [key, first + beyond / trials]));
}
