import { formatQuantity } from "../core/quantity.js";
import type { MetricUnit } from "../core/score.js";
import type { ChangeVerdict, Difference, DistributionComparison, PairCounts } from "./comparison.js";

/** A minus sign that a reader does not take for a dash between two numbers. */
export const MINUS = "−";

const WORDS: Readonly<Record<ChangeVerdict, string>> = {
  better: "better",
  worse: "worse",
  "no-difference-shown": "no difference shown",
  unknown: "cannot be compared",
};

/** `.012`, `1.3e-6`, `1`. */
export function formatP(p: number): string {
  if (p < 1e-300) return "0";
  if (p < 0.001) return p.toExponential(1);
  return Number(p.toFixed(3)).toString().replace(/^0\./, ".");
}

/** `p = .012`, and what is left of it when it is one of many: `p = .012 (Holm .036)`. */
function formatPs(p: number, adjusted: number | null): string {
  const isSame = adjusted === null || formatP(adjusted) === formatP(p);
  return `p = ${formatP(p)}${isSame ? "" : ` (Holm ${formatP(adjusted)})`}`;
}

/** A difference with its sign, in points for rates: `−9.1 points`, `+1.20 s`, `+$0.004`. */
export function formatChange(value: number, unit: MetricUnit): string {
  return `${signed(value, unit)}${suffixOf(unit)}`;
}

function signed(value: number, unit: MetricUnit): string {
  if (unit === "proportion") {
    const points = Math.abs(value * 100).toFixed(1);
    return `${signOf(value)}${points}`;
  }
  return `${signOf(value)}${formatAmount(Math.abs(value), unit)}`;
}

function signOf(value: number): string {
  if (value === 0) return "";
  return value < 0 ? MINUS : "+";
}

function suffixOf(unit: MetricUnit): string {
  return unit === "proportion" ? " points" : "";
}

/** `95 % −9.1 to −1.2 points`; empty without an interval. */
function formatLimits({ lower, upper }: Difference, unit: MetricUnit, level: number): string {
  if (lower === null || upper === null) return "";
  const percent = Number((level * 100).toPrecision(6));
  return `${percent} % ${signed(lower, unit)} to ${signed(upper, unit)}${suffixOf(unit)}`;
}

/** The finding on one metric in words. */
export function sentenceOf(finding: {
  readonly verdict: ChangeVerdict;
  readonly difference: Difference;
  readonly unit: MetricUnit;
  readonly level: number;
  /** As the test gave it, or `null` without a test. */
  readonly p: number | null;
  readonly adjustedP: number | null;
  readonly pairs: PairCounts | null;
}): string {
  const { verdict, difference, unit, level, p, adjustedP, pairs } = finding;
  if (verdict === "unknown") return `${WORDS.unknown}: ${difference.reason ?? "no interval and no test"}`;
  const parts = [
    WORDS[verdict],
    difference.value === null ? "" : formatChange(difference.value, unit),
    p === null ? "" : formatPs(p, adjustedP),
    formatLimits(difference, unit, level),
    pairs === null ? "" : changedCases(pairs),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function changedCases({ lost, won }: PairCounts): string {
  if (lost === 0 && won === 0) return "no case changed";
  return `${lost} ${lost === 1 ? "case" : "cases"} lost, ${won} won`;
}

/** The finding on a distribution in words: who is slower (or dearer) how often, and what median and tail do. */
export function distributionSentence(
  found: Pick<DistributionComparison, "baseline" | "candidate" | "test" | "unit">,
  verdict: ChangeVerdict,
  adjustedP: number | null,
): string {
  const auc = found.test.statistics.auc;
  const { p } = found.test;
  if (auc === null || auc === undefined || p === null) return `${WORDS.unknown}: too few measurements`;
  const step = (q: number) => {
    const [a, b] = [found.baseline, found.candidate].map(
      ({ quantiles }) => quantiles.find((one) => one.q === q)?.value ?? null,
    );
    return a === null || b === null || a === undefined || b === undefined
      ? ""
      : `${q === 0.5 ? "median" : `p${q * 100}`} ${formatAmount(a, found.unit)} → ${formatAmount(b, found.unit)}`;
  };
  const word =
    verdict === "no-difference-shown"
      ? WORDS[verdict]
      : found.unit === "ms"
        ? speed(verdict)
        : price(verdict);
  const pairs = `the candidate's is the larger in ${Math.round(auc * 100)} % of pairs`;
  return [word, step(0.5), step(0.95), `${pairs}, ${formatPs(p, adjustedP)}`]
    .filter((part) => part !== "")
    .join(", ");
}

function speed(verdict: ChangeVerdict): string {
  return verdict === "worse" ? "slower" : "faster";
}

function price(verdict: ChangeVerdict): string {
  return verdict === "worse" ? "more" : "less";
}

/** An amount for a sentence: times in seconds from one second on. */
export function formatAmount(value: number, unit: MetricUnit): string {
  if (unit === "ms" && Math.abs(value) >= 1000) return `${(value / 1000).toFixed(1)} s`;
  if (unit === "proportion") return `${(value * 100).toFixed(1)} %`;
  return formatQuantity(value, unit);
}
