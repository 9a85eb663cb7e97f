import { binomialProbability } from "./binomial.js";
import type { KappaCells } from "./kappa-cells.js";
import type { SeededRandom } from "./random.js";

/** Up to this many combinations of swaps are gone through one by one. */
const EXACT_UP_TO = 2 ** 17;
/** Differences that differ by rounding alone count as equal. */
const ROUNDING = 1e-12;

interface SwapTest {
  readonly p: number;
  readonly method: "exact" | "monte-carlo";
}

/** Items with one truth on which the raters gave the same two categories, whoever gave which. */
interface Group {
  readonly items: number;
  /** What b1 gets of observed and expected disagreement for each item that gives it the one category, not the other. */
  readonly observed: number;
  readonly expected: number;
  /** Probability of each number of heads among as many fair coins as items. */
  readonly heads: Float64Array;
}

/** Disagreement of b1; b2 has the rest of what both have together, whatever is swapped. */
interface Share {
  readonly observed: number;
  readonly expected: number;
}

/**
 * Permutation test of kappa(a, b1) = kappa(a, b2): under the hypothesis each changed item might as well have its two
 * ratings the other way round. A swap that leaves a kappa undefined counts as extreme, so the test errs to the safe
 * side. Drawn swaps give p = (1 + hits)/(1 + swaps), never 0.
 *
 * @param difference - the one observed
 * @param swaps - drawn when there are too many to go through
 */
export function kappaSwapTest(
  cells: KappaCells,
  difference: number,
  swaps: number,
  random: SeededRandom,
): SwapTest {
  const { groups, least, both } = groupsOf(cells);
  const bound = Math.abs(difference) - ROUNDING;
  const isHit = (observed: number, expected: number) => {
    const other = both.expected - expected;
    if (expected <= 0 || other <= 0) return true;
    return Math.abs(cells.n * ((both.observed - observed) / other - observed / expected)) >= bound;
  };
  const combinations = groups.reduce((product, { items }) => product * (items + 1), 1);
  if (combinations <= EXACT_UP_TO) {
    return { p: Math.min(1, exactShare(groups, 0, least, isHit)), method: "exact" };
  }
  let hits = 0;
  for (let swap = 0; swap < swaps; swap++) {
    let { observed, expected } = least;
    for (const group of groups) {
      const heads = coinFlips(group.items, random);
      observed += heads * group.observed;
      expected += heads * group.expected;
    }
    if (isHit(observed, expected)) hits++;
  }
  return { p: (1 + hits) / (1 + swaps), method: "monte-carlo" };
}

/** Probability of a hit over all swaps of the groups from `index` on. */
function exactShare(
  groups: readonly Group[],
  index: number,
  share: Share,
  isHit: (observed: number, expected: number) => boolean,
): number {
  const group = groups[index];
  if (group === undefined) return isHit(share.observed, share.expected) ? 1 : 0;
  let sum = 0;
  for (const [heads, probability] of group.heads.entries()) {
    const observed = share.observed + heads * group.observed;
    const expected = share.expected + heads * group.expected;
    sum += probability * exactShare(groups, index + 1, { observed, expected }, isHit);
  }
  return sum;
}

/** Groups of changed items, what b1 has when all their coins show tails, and what both raters have together. */
function groupsOf(cells: KappaCells) {
  const { categories: size, distance, counts } = cells;
  const truth = new Float64Array(size);
  for (const [cell, count] of counts.entries()) truth[cells.a[cell]!]! += count;
  const expectedOf = Float64Array.from(truth, (_, j) =>
    truth.reduce((sum, count, i) => sum + count * distance[i * size + j]!, 0),
  );
  const items = new Map<number, Omit<Group, "heads">>();
  const least = { observed: 0, expected: 0 };
  const both = { observed: 0, expected: 0 };
  for (const [cell, count] of counts.entries()) {
    const a = cells.a[cell]!;
    const low = Math.min(cells.b1[cell]!, cells.b2[cell]!);
    const high = Math.max(cells.b1[cell]!, cells.b2[cell]!);
    const [ofLow, ofHigh] = [distance[a * size + low]!, distance[a * size + high]!];
    least.observed += count * ofLow;
    least.expected += count * expectedOf[low]!;
    both.observed += count * (ofLow + ofHigh);
    both.expected += count * (expectedOf[low]! + expectedOf[high]!);
    if (low === high) continue;
    const key = (a * size + low) * size + high;
    items.set(key, {
      items: (items.get(key)?.items ?? 0) + count,
      observed: ofHigh - ofLow,
      expected: expectedOf[high]! - expectedOf[low]!,
    });
  }
  const groups = [...items.values()].map((group) => ({ ...group, heads: headsOf(group.items) }));
  return { groups, least, both };
}

function headsOf(coins: number): Float64Array {
  return Float64Array.from({ length: coins + 1 }, (_, heads) => binomialProbability(heads, coins, 0.5));
}

/** Heads among `flips` fair coins: a bit each. */
function coinFlips(flips: number, random: SeededRandom): number {
  let heads = 0;
  for (let left = flips; left > 0; left -= 32) {
    const bits = random.nextUint32();
    heads += bitCount(left < 32 ? bits & (2 ** left - 1) : bits);
  }
  return heads;
}

function bitCount(bits: number): number {
  let sum = bits - ((bits >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
