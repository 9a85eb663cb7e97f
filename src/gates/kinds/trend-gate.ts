import type { TrendGate } from "../../config/gates/gate-schema.js";
import { formatAgainst, formatQuantity } from "../../core/quantity.js";
import type { Estimate } from "../../core/score.js";
import type { Metric } from "../../metrics/metric.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { unjudged } from "../unjudged.js";
import { type ComparableHistory, comparableHistory } from "./comparable-history.js";
import { judgedStanding } from "./judged-metric.js";

type Step = "fell" | "rose" | "stayed";

interface Judgement extends Pick<GateResult, "reason"> {
  readonly verdict: "pass" | "fail" | "inconclusive";
  readonly toSettle?: string;
}

/** Two means that differ by rounding alone are equal; relative to the larger, or absolute below 1. */
const ROUNDING = 1e-12;

/**
 * Judges whether a metric moved the forbidden way from each run to the next over the last `runs` runs, this one last.
 *
 * One step that stands still or goes the other way decides: pass, however short the history. Where every known step went
 * the forbidden way and the history is too short, or there is no earlier run: inconclusive. A metric of a judge is
 * inconclusive as in every gate, unless the judge is calibrated.
 *
 * The rule knows no noise: of runs that differ by chance alone, n are in one strict order at most 1 time in n!, which
 * is also the exact one-sided p of Mann and Kendall for n strictly ordered values.
 *
 * @see Mann 1945, Econometrica 13(3):245
 */
export function judgeTrend(rule: TrendGate, context: GateContext): GateResult {
  const { evidence, name } = context;
  const estimate = evidence.estimates.find(({ metric }) => metric === rule.metric) ?? null;
  const metric = evidence.own.set.metrics.find((one) => one.name === rule.metric);
  const { calibration, whyNot } = judgedStanding(rule.metric, evidence.judged.standings);
  return {
    ...unjudged(rule, "trend", name),
    metric: rule.metric,
    required: `${rule.trend.replace("-", " ")} ${rule.runs} runs in a row`,
    estimate,
    calibration,
    ...(metric === undefined || estimate === null
      ? unknown(`${rule.metric} was not measured in this run.`)
      : estimate.value === null
        ? unknown(`No value: ${estimate.reason ?? "no trial gave a score"}.`)
        : whyNot !== null
          ? unknown(whyNot)
          : judge(rule, metric, estimate, context)),
  };
}

function unknown(reason: string): Judgement {
  return { verdict: "inconclusive", reason };
}

function judge(
  rule: TrendGate,
  metric: Metric,
  estimate: Estimate,
  { evidence, rules }: GateContext,
): Judgement {
  const history = comparableHistory(metric, rule.runs - 1, evidence, 1 - rules.defaults.alpha);
  const { values } = history;
  if (values === null) return unknown("The earlier runs and this one have too few scored cases in common.");
  const way = forbiddenWay(rule, metric);
  const steps = stepsOf(values);
  const inARow = steps.length - (steps.findLastIndex((step) => step !== way) + 1);
  const shown = values.map((value) => formatQuantity(value, metric.unit)).join(", ");
  const course = `${rule.metric} over ${values.length} runs, oldest first: ${shown}${scopeOf(history)}.`;
  if (inARow >= rule.runs - 1) {
    const reason = `It ${way} from each run to the next, ${rule.runs} runs in a row. ${course} ${chanceOf(rule.runs)}`;
    return { verdict: "fail", reason: `${reason}${noiseOf(estimate, history)}` };
  }
  if (inARow < steps.length) {
    const last = steps.at(-1) === "stayed" ? "It stayed as it was" : `It last ${steps.at(-1)}`;
    const reason = inARow === 0 ? last : `It ${way} ${inARow + 1} runs in a row, not ${rule.runs}`;
    return { verdict: "pass", reason: `${reason}. ${course}` };
  }
  const more = rule.runs - values.length;
  const why =
    values.length < 2
      ? "there is no earlier run to compare with."
      : `it ${way} from each to the next. ${course}`;
  return {
    verdict: "inconclusive",
    reason: `Of the ${rule.runs} runs wanted there ${values.length === 1 ? "is" : "are"} ${values.length}: ${why}`,
    toSettle: `${more} more complete ${more === 1 ? "run" : "runs"} of the suite, or the next that does not go this way`,
  };
}

function forbiddenWay({ trend }: TrendGate, { direction }: Metric): "fell" | "rose" {
  if (trend === "not-worsening") return direction === "higher" ? "fell" : "rose";
  return trend === "not-falling" ? "fell" : "rose";
}

function stepsOf(values: readonly number[]): Step[] {
  return values.slice(1).map((value, index) => {
    const before = values[index] ?? value;
    const slack = ROUNDING * Math.max(1, Math.abs(value), Math.abs(before));
    if (Math.abs(value - before) <= slack) return "stayed";
    return value < before ? "fell" : "rose";
  });
}

function scopeOf({ sharedCases, ownCases, hasChangedSet }: ComparableHistory): string {
  const part =
    sharedCases === ownCases ? "" : `, on the ${sharedCases} of ${ownCases} cases that all of them have`;
  return hasChangedSet ? `${part}; the golden set changed in between` : part;
}

function chanceOf(runs: number): string {
  let orders = 1;
  for (let factor = 2; factor <= runs; factor += 1) orders *= factor;
  const shown = orders < 1e9 ? String(orders) : orders.toExponential(1);
  return `Chance alone puts ${runs} runs in this order 1 time in ${shown} (p = ${(1 / orders).toPrecision(2)}).`;
}

/** A fall within the noise of a single run is no proof of one. */
function noiseOf(estimate: Estimate, { values, sharedCases, ownCases }: ComparableHistory): string {
  const first = values?.[0];
  const { lower, upper, unit, level } = estimate;
  if (first === undefined || lower === null || upper === null || sharedCases < ownCases) return "";
  const holds = first >= lower && first <= upper ? "holds" : "does not hold";
  const interval = `[${formatAgainst(lower, first, unit)}, ${formatAgainst(upper, first, unit)}]`;
  const percent = Number((100 * level).toPrecision(12));
  return ` The ${percent} % interval of this run, ${interval}, ${holds} the first value, ${formatQuantity(first, unit)}.`;
}
