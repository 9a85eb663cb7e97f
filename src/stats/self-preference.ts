import type { Interval } from "./interval.js";
import { meanInterval } from "./mean-interval.js";
import { StatisticsError } from "./statistics-error.js";
import { tango } from "./tango.js";
import { requireFinite, requireLevel } from "./validate.js";
import { welchTTest } from "./welch-t-test.js";

/** An answer that people and the judge scored. */
export interface SelfPreferenceItem {
  /** People's score: 0/1 or a grade. */
  readonly truth: number;
  /** The judge's score on the same scale. */
  readonly judged: number;
  /** Whether the answer is by a model of the judge's own family. */
  readonly isOwnFamily: boolean;
}

/** Whether a judge errs in favour of answers of its own family. */
export interface SelfPreference {
  /** Mean of judged - truth over answers of the judge's family; `null` without any. */
  readonly ownError: number | null;
  /** The same over all other answers. */
  readonly otherError: number | null;
  /** ownError - otherError, in the unit of the scores: above 0 favours its own family. */
  readonly difference: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly own: number;
  readonly other: number;
  /** `tango-newcombe` when every score is 0 or 1, else `welch`. */
  readonly method: "tango-newcombe" | "welch";
  /** Why there is no interval; `null` when there is one. */
  readonly reason: string | null;
}

/**
 * Self-preference: the judge's mean error on answers of its own family less that on others. It compares errors, not
 * scores, so a family that is truly better is no preference.
 *
 * For 0/1 scores the two mean errors are paired differences of rates; their Tango limits are joined as Newcombe joins
 * Wilson's (square and add). For grades: Welch's t interval.
 *
 * @param items - independent items, one answer each
 * @param options.level - confidence in (0, 1), default 0.95
 * @throws {StatisticsError} on a score that is not finite, a flag that is no boolean, or a level outside (0, 1)
 * @see Panickssery et al. 2024, LLM Evaluators Recognize and Favor Their Own Generations; Tango 1998, Stat Med
 *   17(8):891; Zou and Donner 2008, Stat Med 27(10):1693
 */
export function selfPreference(
  items: readonly SelfPreferenceItem[],
  options: { readonly level?: number } = {},
): SelfPreference {
  const { level = 0.95 } = options;
  requireLevel(level);
  requireFinite(
    "truth",
    items.map((item) => item.truth),
  );
  requireFinite(
    "judged",
    items.map((item) => item.judged),
  );
  for (const [index, { isOwnFamily }] of items.entries()) {
    if (typeof isOwnFamily !== "boolean") {
      throw new StatisticsError(
        `expected isOwnFamily[${index}] to be true or false, found ${String(isOwnFamily)}`,
      );
    }
  }
  const own = items.filter((item) => item.isOwnFamily);
  const other = items.filter((item) => !item.isOwnFamily);
  const isBinary = items.every(({ truth, judged }) => isBit(truth) && isBit(judged));
  const sizes = { own: own.length, other: other.length };
  const result = isBinary ? ofRates(own, other, level) : ofGrades(own, other, level);
  return { ...result, ...sizes };
}

function isBit(score: number): boolean {
  return score === 0 || score === 1;
}

type Result = Omit<SelfPreference, "own" | "other">;
type Items = readonly SelfPreferenceItem[];

function ofRates(own: Items, other: Items, level: number): Result {
  const [mine, theirs] = [rateError(own, level), rateError(other, level)];
  const errors = { ownError: mine.estimate, otherError: theirs.estimate, method: "tango-newcombe" } as const;
  if (mine.estimate === null || theirs.estimate === null) {
    return { ...errors, difference: null, lower: null, upper: null, reason: noFamily(mine.estimate) };
  }
  const difference = mine.estimate - theirs.estimate;
  return {
    ...errors,
    difference,
    lower: difference - Math.hypot(mine.estimate - mine.lower!, theirs.upper! - theirs.estimate),
    upper: difference + Math.hypot(mine.upper! - mine.estimate, theirs.estimate - theirs.lower!),
    reason: null,
  };
}

/** Rate by the judge less rate by people, of the same items. */
function rateError(items: Items, level: number): Interval {
  const count = (truth: number, judged: number) =>
    items.filter((item) => item.truth === truth && item.judged === judged).length;
  const pairs = { bothPass: count(1, 1), baselineOnly: count(1, 0), currentOnly: count(0, 1) };
  return tango({ ...pairs, bothFail: count(0, 0) }, level);
}

function ofGrades(own: Items, other: Items, level: number): Result {
  const errorsOf = (items: Items) => items.map(({ truth, judged }) => judged - truth);
  const [mine, theirs] = [errorsOf(own), errorsOf(other)];
  const { difference, se, lower, upper } = welchTTest(theirs, mine, { level });
  const ownError = meanInterval(mine, level).mean;
  const errors = {
    ownError,
    otherError: meanInterval(theirs, level).mean,
    difference,
    method: "welch",
  } as const;
  const none = (reason: string): Result => ({ ...errors, lower: null, upper: null, reason });
  if (difference === null) return none(noFamily(ownError));
  if (se === null) return none("fewer than two answers of its own family or of others");
  if (se === 0) return none("the errors do not vary: no interval");
  return { ...errors, lower, upper, reason: null };
}

function noFamily(ownError: number | null): string {
  return ownError === null ? "no answer of the judge's own family" : "no answer of another family";
}
