import { cohenKappa, type KappaWeights } from "../../stats/cohen-kappa.js";
import type { Interval } from "../../stats/interval.js";
import { kappaDifference } from "../../stats/kappa-difference.js";
import { mcnemarExact } from "../../stats/mcnemar-exact.js";
import { tango } from "../../stats/tango.js";
import { wilson } from "../../stats/wilson.js";

/** What people and two judges say of an item; `null`: no label that can be used. */
export interface TwiceJudged {
  readonly item: string;
  readonly truth: string;
  readonly first: string | null;
  readonly second: string | null;
}

/** How far a judge agrees with people. */
export interface JudgeAgreement {
  /** Share of items with the same label, Wilson's interval. */
  readonly agreement: Interval;
  /** `null` where kappa is not defined. */
  readonly kappa: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** An item that the two judges get right or wrong in different ways, or that both get wrong. */
export interface ChangedItem extends TwiceJudged {
  /** `won`: only the second judge is right; `lost`: only the first; `both-wrong`: neither. */
  readonly change: "won" | "lost" | "both-wrong";
}

/** Second judge's kappa minus the first's, with a BCa bootstrap interval and the p of a permutation test. */
export interface KappaGain extends Interval {
  readonly p: number | null;
  readonly resamples: number;
  readonly seed: number;
  /** Why there is no difference, or no interval; `null` when there are both. */
  readonly reason: string | null;
}

/** Two judges on the same items against the same labels. */
export interface JudgeComparison {
  /** Items with a label and a usable verdict of both. */
  readonly n: number;
  /** Items that both judged, left out because a verdict cannot be used. */
  readonly unusable: { readonly first: number; readonly second: number; readonly items: number };
  readonly first: JudgeAgreement;
  readonly second: JudgeAgreement;
  /** Second minus first, of the shares of items with the people's label. */
  readonly agreementDifference: Interval & {
    readonly p: number;
    readonly won: number;
    readonly lost: number;
  };
  readonly kappaDifference: KappaGain;
  readonly changed: readonly ChangedItem[];
  readonly verdict: "better" | "worse" | "cannot-tell";
  /** One sentence: what decided. */
  readonly reason: string;
}

export interface ComparisonRules {
  readonly categories: readonly string[];
  readonly weights: KappaWeights;
  /** Confidence of the intervals, in (0, 1). */
  readonly level: number;
  /** Fewer items decide nothing. */
  readonly minLabels: number;
  readonly seed: number;
}

/**
 * Compares two judges item by item. The interval of the difference of kappas decides: the second judge is better when
 * it lies above 0, worse when it lies below.
 *
 * @param items - labelled items that both judged
 * @throws {StatisticsError} if a label is no category
 */
export function compareJudges(items: readonly TwiceJudged[], rules: ComparisonRules): JudgeComparison {
  const usable = items.filter(({ first, second }) => first !== null && second !== null);
  const truth = usable.map((item) => item.truth);
  const firsts = usable.map(({ first }) => first as string);
  const seconds = usable.map(({ second }) => second as string);
  const changed = usable.flatMap(changeOf);
  const count = (change: ChangedItem["change"]) => changed.filter((one) => one.change === change).length;
  const [won, lost, bothWrong] = [count("won"), count("lost"), count("both-wrong")];
  const bothPass = usable.length - changed.length;
  const compared = {
    n: usable.length,
    unusable: {
      first: items.filter(({ first }) => first === null).length,
      second: items.filter(({ second }) => second === null).length,
      items: items.length - usable.length,
    },
    first: agreementWith(truth, firsts, rules),
    second: agreementWith(truth, seconds, rules),
    agreementDifference: {
      ...tango({ bothPass, baselineOnly: lost, currentOnly: won, bothFail: bothWrong }, rules.level),
      p: mcnemarExact(lost, won, "two-sided").p,
      won,
      lost,
    },
    kappaDifference: kappaGain(truth, firsts, seconds, rules),
    changed,
  };
  return { ...compared, ...decide(compared, rules) };
}

/** Agreement of one judge with people on items that it gave a usable verdict. */
export function agreementWith(
  truth: readonly string[],
  verdicts: readonly string[],
  { categories, weights, level }: Pick<ComparisonRules, "categories" | "weights" | "level">,
): JudgeAgreement {
  const { kappa, lower, upper } = cohenKappa(truth, verdicts, { categories, weights, level });
  const agreed = truth.filter((label, index) => label === verdicts[index]).length;
  return { agreement: shareOf(agreed, truth.length, level), kappa, lower, upper };
}

/** A share with Wilson's interval; without items there is none, where Wilson's says that everything is possible. */
export function shareOf(count: number, n: number, level: number): Interval {
  return n === 0 ? { estimate: null, lower: null, upper: null } : wilson(count, n, level);
}

/** The other judge's kappa less the one judge's, both against people, on the same items. */
export function kappaGain(
  truth: readonly string[],
  before: readonly string[],
  after: readonly string[],
  { categories, weights, level, seed }: Omit<ComparisonRules, "minLabels">,
): KappaGain {
  const found = kappaDifference(truth, after, before, { categories, weights, level, seed });
  const { difference, lower, upper, p, resamples, reason } = found;
  return { estimate: difference, lower, upper, p, resamples, seed, reason };
}

function changeOf(item: TwiceJudged): readonly ChangedItem[] {
  const [first, second] = [item.first === item.truth, item.second === item.truth];
  if (first && second) return [];
  return [{ ...item, change: second ? "won" : first ? "lost" : "both-wrong" }];
}

function decide(
  { n, kappaDifference: found }: Pick<JudgeComparison, "n" | "kappaDifference">,
  { minLabels, level }: ComparisonRules,
): Pick<JudgeComparison, "verdict" | "reason"> {
  const undecided = (reason: string) => ({ verdict: "cannot-tell" as const, reason });
  if (n < minLabels) {
    return undecided(`${n} labelled items have a verdict of both; it takes ${minLabels}`);
  }
  const { lower, upper, p, reason } = found;
  if (lower === null || upper === null || p === null) {
    return undecided(`the kappas cannot be compared: ${reason ?? "they are not defined"}`);
  }
  const isSure = p < 1 - level;
  const of = "the interval of the difference of kappas";
  if (lower > 0 && isSure) return { verdict: "better", reason: `${of} lies above 0` };
  if (upper < 0 && isSure) return { verdict: "worse", reason: `${of} lies below 0` };
  return undecided(
    lower > 0 || upper < 0
      ? `${of} lies on one side of 0, but chance alone gives such a difference too often`
      : `${of} holds 0`,
  );
}
