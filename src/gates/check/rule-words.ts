import { formatThreshold } from "../../core/quantity.js";
import type { MetricUnit } from "../../core/score.js";
import type { AnyRule } from "../gate-kind.js";

/** What is known of the metrics that rules name; `undefined` for one that nobody knows. */
export type UnitOf = (metric: string) => MetricUnit | undefined;

const BOUNDS = { estimate: "", lower: "the lower limit of ", upper: "the upper limit of " } as const;
const TRIALS = {
  all: "every trial",
  any: "one trial or more",
  majority: "more than half of its trials",
} as const;
const TRENDS = { "not-falling": "falls", "not-rising": "rises", "not-worsening": "gets worse" } as const;

/**
 * What a rule passes on, in one phrase that needs no `gates.yaml` beside it.
 *
 * @param baseline - what `baseline` stands for in the file
 */
export function ruleInWords(rule: AnyRule, baseline: string, unitOf: UnitOf): string {
  const named = (reference: string) => (reference === "baseline" ? baseline : reference);
  if ("all" in rule) return `all ${rule.all.length} parts pass`;
  if ("any" in rule) return `one of ${rule.any.length} parts passes`;
  if ("coverage" in rule) return coverageInWords(rule);
  if ("must_pass" in rule) {
    const cases =
      typeof rule.must_pass === "string"
        ? `every case with ${rule.must_pass}`
        : rule.must_pass.length === 1
          ? `the case ${rule.must_pass[0]}`
          : `each of ${rule.must_pass.length} named cases`;
    return `${cases} passes in ${TRIALS[rule.trials]}`;
  }
  if ("budget" in rule) {
    const most = rule.budget === "usd" ? `$${rule.max}` : `${rule.max} ${rule.budget}`;
    return `all trials together take at most ${most}`;
  }
  if ("trend" in rule) {
    return `not each of the last ${rule.runs} runs ${TRENDS[rule.trend]} in ${rule.metric} against the one before it`;
  }
  const unit = unitOf(rule.metric);
  if ("by" in rule) {
    const what =
      rule.no_worse_than === undefined
        ? thresholdInWords(rule, unit)
        : `${rule.metric} is no worse than in ${named(rule.no_worse_than)} by ${marginInWords(rule.margin, unit)}`;
    return `in every ${rule.by.join(" and every ")}, ${what}`;
  }
  if ("better_than" in rule) {
    const more = rule.margin === undefined ? "" : ` by more than ${marginInWords(rule.margin, unit)}`;
    return `${rule.metric} is shown to be better than in ${named(rule.better_than)}${more}`;
  }
  if ("no_worse_than" in rule) {
    const reference = named(rule.no_worse_than);
    return rule.rule === "significant-drop"
      ? `${rule.metric} shows no significant loss against ${reference}${rule.margin === undefined ? "" : ` of more than ${marginInWords(rule.margin, unit)}`}`
      : `${rule.metric} is shown to be no worse than in ${reference} by ${marginInWords(rule.margin, unit)}`;
  }
  return thresholdInWords(rule, unit);
}

function thresholdInWords(
  rule: { metric: string; min?: number | undefined; max?: number | undefined; bound: keyof typeof BOUNDS },
  unit: MetricUnit | undefined,
): string {
  const shown = (threshold: number) => formatThreshold(threshold, unit ?? "score");
  const sides = [
    ...(rule.min === undefined ? [] : [`at least ${shown(rule.min)}`]),
    ...(rule.max === undefined ? [] : [`at most ${shown(rule.max)}`]),
  ];
  return `${BOUNDS[rule.bound]}${rule.metric} is ${sides.join(" and ")}`;
}

function marginInWords(margin: number | string | undefined, unit: MetricUnit | undefined): string {
  if (margin === undefined) return "0";
  if (typeof margin === "string") return `${margin.replace(/\s*%$/, " %")} of it`;
  if (unit !== "proportion") return formatThreshold(margin, unit ?? "score");
  const points = Number((margin * 100).toPrecision(12));
  return `${points} ${points === 1 ? "point" : "points"}`;
}

function coverageInWords(rule: Extract<AnyRule, { readonly coverage: unknown }>): string {
  const cases = rule.where === undefined ? "cases" : `cases with ${rule.where}`;
  const where = rule.by === undefined ? "" : `, in every ${rule.by}`;
  const share = `${Number((rule.min * 100).toPrecision(12))} %`;
  if (rule.coverage === "cases") return `there are at least ${rule.min} ${cases}${where}`;
  if (rule.coverage === "reviewed")
    return `at least ${share} of the ${cases} have an approved review${where}`;
  return `at least ${share} of the planned trials of the ${cases} have a score of ${rule.metric}${where}`;
}
