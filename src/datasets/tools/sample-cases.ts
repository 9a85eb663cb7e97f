import type { GoldenCase } from "../../core/golden-case.js";
import { unitHash } from "./assign-splits.js";

type Stratum = "risk" | "tags" | "split" | "environment";

export interface SamplePlan {
  /** Cases wanted, at least 1. */
  readonly size: number;
  readonly seed: number;
  /** `null`: one stratum. */
  readonly by: Stratum | null;
}

/** Cases of one stratum, and how many of them are drawn. */
interface StratumCount {
  /** Value of the key; `null`: the cases that state none. */
  readonly value: string | null;
  readonly cases: number;
  readonly drawn: number;
}

export interface CaseSample {
  /** In file order. */
  readonly cases: readonly GoldenCase[];
  readonly strata: readonly StratumCount[];
}

/**
 * Draws cases without return, from each stratum in proportion to its size: largest remainders, and at least one
 * from each stratum as long as there are enough to draw. A case's rank within its stratum depends on the seed and
 * its id alone.
 */
export function sampleCases(cases: readonly GoldenCase[], plan: SamplePlan): CaseSample {
  const strata = new Map<string | null, GoldenCase[]>();
  for (const one of cases) {
    const value = plan.by === null ? null : stratumOf(one, plan.by);
    const members = strata.get(value);
    if (members === undefined) strata.set(value, [one]);
    else members.push(one);
  }
  const values = [...strata.keys()].sort((a, b) => ((a ?? "\uffff") < (b ?? "\uffff") ? -1 : 1));
  const sizes = values.map((value) => strata.get(value)?.length ?? 0);
  const drawn = allocate(sizes, Math.min(plan.size, cases.length));
  const chosen = new Set<GoldenCase>();
  for (const [position, value] of values.entries()) {
    const ranked = (strata.get(value) ?? [])
      .map((one) => ({ one, rank: unitHash(plan.seed, one.id) }))
      .sort((a, b) => a.rank - b.rank);
    for (const { one } of ranked.slice(0, drawn[position])) chosen.add(one);
  }
  return {
    cases: cases.filter((one) => chosen.has(one)),
    strata: values.map((value, position) => ({
      value,
      cases: sizes[position] ?? 0,
      drawn: drawn[position] ?? 0,
    })),
  };
}

function stratumOf(one: GoldenCase, by: Stratum): string | null {
  if (by === "tags") return one.tags.length === 0 ? null : [...new Set(one.tags)].sort().join(", ");
  return one[by];
}

/** Whole numbers in proportion to the sizes that add up to the total (Hamilton's method), small strata first served. */
function allocate(sizes: readonly number[], total: number): readonly number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const atLeast = total >= sizes.length ? 1 : 0;
  const exact = sizes.map((size) => (size * total) / all);
  const counts = exact.map((share) => Math.max(atLeast, Math.floor(share)));
  const sum = () => counts.reduce((one, other) => one + other, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - (counts[index] ?? 0) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (let turn = 0; sum() < total; turn++) {
    const { index } = byRemainder[turn % byRemainder.length]!;
    if (counts[index]! < sizes[index]!) counts[index]!++;
  }
  for (
    let turn = byRemainder.length - 1;
    sum() > total;
    turn = turn === 0 ? byRemainder.length - 1 : turn - 1
  ) {
    const { index } = byRemainder[turn]!;
    if (counts[index]! > atLeast) counts[index]!--;
  }
  return counts;
}
