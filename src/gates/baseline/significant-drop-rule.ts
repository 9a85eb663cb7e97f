import { formatP } from "../../comparison/sentences.js";
import type { Verdict } from "../../core/score.js";
import type { Metric } from "../../metrics/metric.js";
import { detectableSignificantDrop } from "../../stats/detectable-significant-drop.js";
import { mcnemarExact } from "../../stats/mcnemar-exact.js";
import { exceedsShare } from "../../stats/significant-drop.js";
import type { GateResult } from "../gate-report.js";
import {
  type BaselineDifference,
  gainOf,
  measuredSentence,
  shownDifference,
  worsenedCases,
} from "./baseline-difference.js";
import type { Contrast } from "./contrast.js";
import { formatDifference, formatMargin, type Margin } from "./margin.js";

/** Rounding of a mean must not lift a drop over a margin that it equals. */
const ROUNDING = 1e-12;
/** Two-sided level whose limits leave out 20 % on each side: what power 80 % needs on top. */
const POWER_LEVEL = 0.6;

/**
 * The rule of a significant drop: fails when one-sided p < alpha and the drop exceeds the margin, both strictly. Outcomes
 * are compared in whole numbers. What it would have caught stands beside a pass: it asks for proof of harm, and few cases
 * prove none.
 *
 * @param alpha - one-sided, in (0, 0.5)
 */
export function judgedDrop(
  found: BaselineDifference,
  margin: Margin,
  alpha: number,
): Pick<GateResult, "difference" | "verdict" | "reason" | "cases"> {
  const level = 1 - 2 * alpha;
  const test = testOfHarm(found);
  const { lower, upper } = gainOf(found.contrast.limitsAt(level), found.compared.metric.direction);
  const isShown = isHarmShown(found, test, alpha);
  const difference = shownDifference(
    found,
    level,
    margin.amount,
    test === null ? null : { ...test, statistics: {} },
  );
  const measured = measuredSentence(found, level, margin.amount);
  if (test === null && (lower === null || upper === null)) {
    const why = found.contrast.reason ?? "too little evidence";
    return {
      difference,
      verdict: "inconclusive",
      reason: `${measured}; there is no test: ${why}.`,
      cases: [],
    };
  }
  const isLarge = exceedsMargin(found, margin);
  const proof =
    test === null
      ? `the interval ${isShown ? "excludes" : "holds"} 0`
      : `p = ${formatP(test.p)} (${test.name})`;
  const size = `the drop is ${isLarge ? "more" : "not more"} than ${formatMargin(margin.amount, found.scale)}`;
  const verdict = isShown && isLarge ? "fail" : "pass";
  const power = verdict === "pass" ? ` ${powerSentence(found, margin, alpha)}` : "";
  return {
    difference,
    verdict,
    reason: `${measured}; ${proof}, and ${size}.${power}`,
    cases: verdict === "pass" ? [] : worsenedCases(found),
  };
}

/** What decides the rule, without its sentences. */
type DropQuestion = {
  readonly contrast: Contrast;
  readonly compared: { readonly metric: Pick<Metric, "direction"> };
};

/** The verdict of `judgedDrop` alone. */
export function verdictOnDrop(found: DropQuestion, margin: Margin, alpha: number): Exclude<Verdict, "error"> {
  const test = testOfHarm(found);
  if (test === null) {
    const { lower, upper } = found.contrast.limitsAt(1 - 2 * alpha);
    if (lower === null || upper === null) return "inconclusive";
  }
  return isHarmShown(found, test, alpha) && exceedsMargin(found, margin) ? "fail" : "pass";
}

function isHarmShown(
  { contrast, compared }: DropQuestion,
  test: { p: number } | null,
  alpha: number,
): boolean {
  if (test !== null) return test.p < alpha;
  const { upper } = gainOf(contrast.limitsAt(1 - 2 * alpha), compared.metric.direction);
  return upper !== null && upper < 0;
}

/** One-sided test of no loss: exact McNemar on pairs of outcomes, else that which the interval inverts. */
function testOfHarm({
  contrast,
  compared,
}: DropQuestion): { readonly name: string; readonly p: number } | null {
  const isHigher = compared.metric.direction === "higher";
  const { pairs } = contrast;
  if (pairs !== null && contrast.clusters === contrast.n) {
    const [lost, won] = isHigher ? [pairs.lost, pairs.won] : [pairs.won, pairs.lost];
    return { name: "McNemar exact, one-sided", p: mcnemarExact(lost, won, "worse").p };
  }
  const p = contrast.pBeyond(0, isHigher ? "below" : "above");
  if (p === null) return null;
  return {
    name: contrast.arms === null ? `${contrast.method}, one-sided` : "two-proportion z, one-sided",
    p,
  };
}

/** Exact where outcomes are counted: 0.95 - 0.93 is not 0.02 in doubles. */
function exceedsMargin({ contrast, compared }: DropQuestion, { amount, isRelative }: Margin): boolean {
  const sign = compared.metric.direction === "higher" ? 1 : -1;
  const { pairs, arms } = contrast;
  if (pairs !== null) {
    const drop = BigInt(sign * (pairs.lost - pairs.won));
    return exceedsShare(drop, BigInt(isRelative ? pairs.bothPassed + pairs.lost : contrast.n), amount);
  }
  if (arms !== null) {
    const [a, b] = [arms.baseline, arms.candidate];
    const before = BigInt(a.successes) * BigInt(b.trials);
    const drop = BigInt(sign) * (before - BigInt(b.successes) * BigInt(a.trials));
    return exceedsShare(drop, isRelative ? before : BigInt(a.trials) * BigInt(b.trials), amount);
  }
  return -sign * (contrast.value ?? 0) > amount + ROUNDING * Math.max(1, amount);
}

function powerSentence(found: BaselineDifference, margin: Margin, alpha: number): string {
  const drop = detectableDrop(found, margin, alpha);
  const direction = found.compared.metric.direction === "higher" ? "drop" : "rise";
  if (drop === null) return `So few cases show no ${direction}, however large.`;
  const size = formatDifference(drop, found.scale).slice(1);
  return `It would have caught a ${direction} of ${size} with power 80 %.`;
}

/** Simulations ask for the same few numbers of discordant pairs again and again, and each takes a bisection of exact sums. */
const detectable = new Map<string, number | null>();
const MOST_REMEMBERED = 10_000;

function detectableOnPairs(discordant: number, n: number, alpha: number, minDrop: number): number | null {
  const key = `${discordant}/${n} ${alpha} ${minDrop}`;
  const known = detectable.get(key);
  if (known !== undefined) return known;
  if (detectable.size >= MOST_REMEMBERED) detectable.clear();
  const drop = detectableSignificantDrop(discordant / n, n, { alpha, minDrop });
  detectable.set(key, drop);
  return drop;
}

/** The least true drop that the rule catches with power 80 %; `null` when none, or when nobody can say. */
function detectableDrop(
  { contrast, scale }: BaselineDifference,
  { amount }: Margin,
  alpha: number,
): number | null {
  const { pairs, n, clusters } = contrast;
  if (pairs !== null && clusters === n && !scale.isRelative) {
    return detectableOnPairs(pairs.lost + pairs.won, n, alpha, Math.min(1, amount));
  }
  const half = (level: number) => {
    const { lower, upper } = contrast.limitsAt(level);
    return lower === null || upper === null ? null : (upper - lower) / 2;
  };
  const [proof, power] = [half(1 - 2 * alpha), half(POWER_LEVEL)];
  return proof === null || power === null ? null : Math.max(proof, amount) + power;
}
