import { StatisticsError } from "./statistics-error.js";

/** How often each sample holds one distinct value. */
export interface TiedGroup {
  readonly ofX: number;
  readonly ofY: number;
}

export interface Tails {
  /** P(U <= u). */
  readonly lower: number;
  /** P(U >= u). */
  readonly upper: number;
}

/** A few hundred milliseconds of work. */
const MOST_STEPS = 2e8;
/** The differences of `tailsWithoutTies` keep 11 digits up to here; at 300 they would keep four. */
const MOST_OF_SMALLER = 150;

/**
 * Exact tails of Mann-Whitney's U under the null hypothesis that every split of the pooled values is as likely.
 *
 * @param m - size of the first sample, at least 1
 * @param n - size of the second sample, at least 1
 * @param u - the statistic, a multiple of 1/2
 * @param groups - the distinct values, ascending, when some are equal; `null` without ties
 * @throws {StatisticsError} if the samples are too large to enumerate quickly
 */
export function mannWhitneyTails(
  m: number,
  n: number,
  u: number,
  groups: readonly TiedGroup[] | null,
): Tails {
  return groups === null ? tailsWithoutTies(m, n, u) : tailsWithTies(m, n, u, groups);
}

function requireFeasible(steps: number, m: number, n: number): void {
  if (steps > MOST_STEPS) {
    throw new StatisticsError(
      `expected smaller samples for the exact method, found ${m} and ${n}; use asymptotic`,
    );
  }
}

/**
 * The distribution is symmetric, so only the nearer tail is counted: the coefficients of the Gaussian binomial,
 * built by one quotient (1 - q^(n+i)) / (1 - q^i) at a time and kept as probabilities.
 */
function tailsWithoutTies(m: number, n: number, u: number): Tails {
  const [few, many] = m < n ? [m, n] : [n, m];
  const near = Math.min(u, m * n - u);
  requireFeasible(few > MOST_OF_SMALLER ? Number.POSITIVE_INFINITY : few * (near + 1), m, n);
  const probability = new Float64Array(near + 1);
  probability[0] = 1;
  for (let i = 1; i <= few; i++) {
    for (let at = i; at <= near; at++) probability[at]! += probability[at - i]!;
    for (let at = near; at >= many + i; at--) probability[at]! -= probability[at - many - i]!;
    for (let at = 0; at <= near; at++) probability[at]! *= i / (many + i);
  }
  let below = 0;
  for (let at = 0; at < near; at++) below += probability[at]!;
  const small = below + probability[near]!;
  return u === near ? { lower: small, upper: 1 - below } : { lower: 1 - below, upper: small };
}

/**
 * Value by value from below: row k holds, for every doubled U, the number of ways to give the smaller sample k of
 * the values seen. Both tails are summed, since ties can make the distribution asymmetric.
 */
function tailsWithTies(m: number, n: number, u: number, groups: readonly TiedGroup[]): Tails {
  const few = Math.min(m, n);
  const most = 2 * m * n;
  requireFeasible((m + n) * few * most, m, n);
  const rows = Array.from({ length: few + 1 }, () => new Float64Array(most + 1));
  rows[0]![0] = 1;
  let seen = 0;
  for (const { ofX, ofY } of groups) {
    addGroup(rows, seen, ofX + ofY);
    seen += ofX + ofY;
  }
  const ways = rows[few]!;
  const isFirst = m <= n;
  const at = 2 * (isFirst ? u : m * n - u);
  let below = 0;
  let above = 0;
  for (let index = 0; index < at; index++) below += ways[index]!;
  for (let index = most; index > at; index--) above += ways[index]!;
  const all = below + ways[at]! + above;
  const atMost = (below + ways[at]!) / all;
  const atLeast = (above + ways[at]!) / all;
  return isFirst ? { lower: atMost, upper: atLeast } : { lower: atLeast, upper: atMost };
}

/** Lets the smaller sample take 0 to `size` of equal values that follow `seen` smaller ones. */
function addGroup(rows: readonly Float64Array[], seen: number, size: number): void {
  for (let into = rows.length - 1; into >= 1; into--) {
    const target = rows[into]!;
    let choices = 1;
    for (let taken = 1; taken <= Math.min(size, into); taken++) {
      choices *= (size - taken + 1) / taken;
      const from = into - taken;
      const source = rows[from]!;
      const shift = taken * (2 * (seen - from) + size - taken);
      if (from > seen) continue;
      for (let at = source.length - 1 - shift; at >= 0; at--) target[at + shift]! += choices * source[at]!;
    }
  }
}
