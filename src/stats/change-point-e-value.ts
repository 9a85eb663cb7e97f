import { StatisticsError } from "./statistics-error.js";
import { requireCount } from "./validate.js";

/** Evidence for a change that was there from the start, or began in some window. */
export interface ChangePointEvidence {
  /** Natural logarithm of the e-value; 0 without windows. */
  readonly log: number;
  /** 0-based window from which on the evidence is largest; 0: over all of them. */
  readonly since: number;
}

/**
 * E-value against "never worse" that also sees a change after a long time without one. Half of it looks at all windows
 * together, half is spread evenly over the windows in which a change may begin, and looks from there on. Both are means
 * of e-processes, and so is the whole: it reaches 1/α, at any time, with probability at most α.
 *
 * @param logRatios - by window in their order, by alternative: logarithm of the likelihood ratio within the window
 * @param weights - of the alternatives, positive; scaled to a sum of 1
 * @param windows - how many windows there will be at most; those beyond count in the evidence of all before
 * @throws {StatisticsError} if a window has another number of alternatives than there are weights, or a number is out
 *   of range
 * @see Shin, Ramdas, Rinaldo 2024, E-detectors, New England J Stat Data Sci 2(2):229
 */
export function changePointEValue(
  logRatios: readonly (readonly number[])[],
  weights: readonly number[],
  windows: number,
): ChangePointEvidence {
  requireCount("windows", windows, 1);
  if (weights.length === 0 || !weights.every((weight) => weight > 0 && Number.isFinite(weight))) {
    throw new StatisticsError(`expected positive weights, found [${weights.join(", ")}]`);
  }
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const suffix = weights.map(() => 0);
  const logWeights = weights.map((weight) => Math.log(weight / whole));
  const terms: number[] = [];
  const starts: number[] = [];
  for (let at = logRatios.length - 1; at >= 0; at--) {
    const row = logRatios[at]!;
    if (row.length !== weights.length) {
      throw new StatisticsError(`expected ${weights.length} ratios in window ${at}, found ${row.length}`);
    }
    for (let index = 0; index < row.length; index++) suffix[index]! += row[index]!;
    if (at >= windows) continue;
    const log = logSumExp(suffix.map((value, index) => value + logWeights[index]!));
    terms.push(log - Math.log(2 * windows));
    starts.push(at);
    if (at === 0) {
      terms.push(log - Math.LN2);
      starts.push(0);
    }
  }
  const unseen = windows - Math.min(windows, logRatios.length);
  if (logRatios.length === 0) return { log: 0, since: 0 };
  const largest = terms.indexOf(Math.max(...terms));
  if (unseen > 0) terms.push(Math.log(unseen / (2 * windows)));
  return { log: logSumExp(terms), since: starts[largest] ?? 0 };
}

function logSumExp(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - largest);
  return largest + Math.log(sum);
}
