import type {
  CandidateComparison,
  ChangeVerdict,
  ComparedRun,
  Design,
  Difference,
  MetricComparison,
} from "../../comparison/comparison.js";
import { formatAmount, formatP } from "../../comparison/sentences.js";
import type { Direction, MetricUnit } from "../../core/score.js";
import { formatLevel, shortHash } from "../format.js";

/** The verdicts as readers see them. */
export const VERDICT_WORDS: Readonly<Record<ChangeVerdict, string>> = {
  worse: "worse",
  better: "better",
  "no-difference-shown": "no difference shown",
  unknown: "cannot be compared",
};

/** Verdicts in the order in which reports list them: what needs a decision first. */
export const VERDICT_ORDER: readonly ChangeVerdict[] = ["worse", "better", "no-difference-shown", "unknown"];

/** `85.0 %`, `24.8 s`; `none` without a value. */
export function amountText(value: number | null, unit: MetricUnit): string {
  return value === null ? "none" : formatAmount(value, unit);
}

/** `+10.3 s`, `−9.1 points`; `none` without a value. */
export function changeText(value: number | null, unit: MetricUnit): string {
  if (value === null) return "none";
  return `${signedAmount(value, unit)}${unit === "proportion" ? " points" : ""}`;
}

/** `−9.1 to −1.2 points`, `+8.4 s to +17.3 s`; empty without both limits. */
export function limitsText({ lower, upper }: Pick<Difference, "lower" | "upper">, unit: MetricUnit): string {
  if (lower === null || upper === null) return "";
  return `${signedAmount(lower, unit)} to ${changeText(upper, unit)}`;
}

function signedAmount(value: number, unit: MetricUnit): string {
  const size = Math.abs(value);
  const amount = unit === "proportion" ? (size * 100).toFixed(1) : formatAmount(size, unit);
  if (value === 0) return amount;
  return `${value < 0 ? "−" : "+"}${amount}`;
}

/** The p that decided, without its name: `.012`, `1`, `< .001`; empty without one. */
export function pText(p: number | null): string {
  return p === null ? "" : formatP(p).replace(/^p (= )?/, "");
}

/** The p by which a metric was judged: its own for the primary one, else the adjusted one. */
export function decidingP({
  isPrimary,
  test,
  adjustedP,
}: Pick<MetricComparison, "isPrimary" | "test" | "adjustedP">): number | null {
  return isPrimary ? (test?.p ?? null) : adjustedP;
}

/** What the interval means for somebody who never saw one. */
export function plainMeaning(metric: MetricComparison, level: number): string {
  const { difference, unit, direction, verdict } = metric;
  const { lower, upper, value } = difference;
  if (verdict === "unknown" || value === null) return "Nothing can be said: a value is missing.";
  if (lower === null || upper === null) return "How large the difference may be cannot be said.";
  const sure = `With ${formatLevel(level)} confidence`;
  if (lower === 0 && upper === 0) return "The runs do not differ.";
  if (verdict === "no-difference-shown") {
    const allowed = `${sure} the candidate is between ${sideText(lower, unit, direction)} and ${sideText(upper, unit, direction)}`;
    return `${allowed}. That is no proof that both are equal.`;
  }
  const [least, most] = [lower, upper].map(Math.abs).sort((a, b) => a - b) as [number, number];
  const word = verdict === "worse" ? "worse" : "better";
  if (lower < 0 && upper > 0) {
    return `${sure} the candidate is between ${sideText(lower, unit, direction)} and ${sideText(upper, unit, direction)}; the test still tells it from chance.`;
  }
  return `${sure} the candidate is ${sizeText(least, unit)} to ${sizeText(most, unit)} ${word}; chance alone would seldom do this.`;
}

function sizeText(size: number, unit: MetricUnit): string {
  return unit === "proportion" ? `${(size * 100).toFixed(1)} points` : formatAmount(size, unit);
}

function sideText(change: number, unit: MetricUnit, direction: Direction): string {
  if (change === 0) return "no different";
  const isBetter = change > 0 === (direction === "higher");
  return `${sizeText(Math.abs(change), unit)} ${isBetter ? "better" : "worse"}`;
}

/** How the runs were joined: `paired: the same 40 cases in both runs, in 40 independent groups`. */
export function designText({ kind, cases, clusters, hasRepeatedTrials }: Design): string {
  const joined =
    kind === "paired"
      ? `paired: the same ${count(cases, "case")} in both runs`
      : `unpaired: ${count(cases, "case")}, most of them in one run only`;
  const groups = clusters === cases ? "" : `, in ${count(clusters, "independent group")}`;
  return `${joined}${groups}${hasRepeatedTrials ? ", several trials a case: means by case are compared" : ""}`;
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** `support@1a2b3c4d`. */
export function agentText({ run }: ComparedRun): string {
  return `${run.agentName}@${shortHash(run.agentVersion)}`;
}

/** Trials of a run, with those that crashed or are missing. */
export function trialsText({ planned, crashed, missing }: ComparedRun): string {
  return [
    count(planned, "trial"),
    ...(crashed > 0 ? [`${crashed} crashed`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
  ].join(", ");
}

/** The metric that the comparison is about. */
export function primaryOf({ metrics }: CandidateComparison): MetricComparison | undefined {
  return metrics.find((metric) => metric.isPrimary);
}

/** Metrics by verdict, in report order within each; verdicts that no metric has are left out. */
export function byVerdict(
  metrics: readonly MetricComparison[],
): readonly { readonly verdict: ChangeVerdict; readonly metrics: readonly MetricComparison[] }[] {
  return VERDICT_ORDER.map((verdict) => ({
    verdict,
    metrics: metrics.filter((metric) => metric.verdict === verdict),
  })).filter((group) => group.metrics.length > 0);
}

/** What else became worse or better beside the primary metric: `latency.p50_ms 24.8 s → 35.1 s`. */
export function otherChanges(
  { metrics, distributions }: CandidateComparison,
  verdict: "worse" | "better",
): readonly string[] {
  return [
    ...distributions
      .filter((one) => one.verdict === verdict)
      .map(({ label, unit, baseline, candidate }) => {
        const step = (q: number) =>
          [baseline, candidate]
            .map(({ quantiles }) => quantiles.find((one) => one.q === q)?.value ?? null)
            .map((value) => amountText(value, unit))
            .join(" → ");
        return `${label}, median ${step(0.5)}, p95 ${step(0.95)}`;
      }),
    ...metrics
      .filter((one) => one.verdict === verdict && !one.isPrimary)
      .map((one) => `${one.metric} ${stepText(one)}`),
  ];
}

/** `85.0 % → 76.2 %`. */
export function stepText({
  baseline,
  candidate,
  unit,
}: Pick<MetricComparison, "baseline" | "candidate" | "unit">): string {
  return `${amountText(baseline.value, unit)} → ${amountText(candidate.value, unit)}`;
}

/** Test and interval of a metric in one phrase, e.g. `McNemar mid-p; tango interval`. */
export function methodText({ test, difference }: Pick<MetricComparison, "test" | "difference">): string {
  const seed = test?.seed === undefined ? "" : `, seed ${test.seed}`;
  const tested = test === null ? [] : [`${test.name}${seed}`];
  const limits = difference.lower === null ? [] : [`${difference.method} interval`];
  return [...tested, ...limits].join("; ") || "no test";
}

/** What readers of several candidates must know; `null` with one. */
export function manyCandidatesText(candidates: number): string | null {
  return candidates < 2
    ? null
    : `${candidates} candidates stand against one baseline; p values are adjusted within a candidate, not over them.`;
}

/** The heading of intervals: `95 % interval`. */
export function intervalTitle(level: number): string {
  return `${formatLevel(level)} interval`;
}
