import { didYouMean } from "../core/nearest.js";
import type { MetricFacts } from "../core/score.js";
import { caseMetric } from "./case-metric.js";
import type { CaseMetric, Metric } from "./metric.js";
import { defaultMetrics, metricByName, metrics } from "./registry.js";
import { unscored } from "./scores.js";

/** The metrics that a run is scored and estimated by, in report order. */
export interface MetricSet {
  readonly metrics: readonly Metric[];
  /** Those that score single trials. */
  readonly caseMetrics: readonly CaseMetric[];
}

export function metricSetOf(chosen: readonly Metric[]): MetricSet {
  return { metrics: chosen, caseMetrics: chosen.filter((metric) => metric.level === "case") };
}

/** What runs are scored by unless agentctl.yaml says otherwise. */
export const defaultMetricSet: MetricSet = metricSetOf(defaultMetrics);

/** Stands in a list of metrics for those that every run gets unless told otherwise. */
export const DEFAULT_METRICS = "default";

/**
 * The metrics that a list names: names, patterns with `*` (`retrieval.*`, `*` for all) and the word `default`.
 *
 * @param custom - metrics of the project that belong to the set without being named
 * @param nameable - further ones, which belong to it when they are named
 * @returns the set in registry order, custom metrics last, or the entries that fit no metric, each with a hint
 */
export function selectMetrics(
  names: readonly string[],
  custom: readonly CaseMetric[],
  nameable: readonly CaseMetric[] = [],
): { readonly set: MetricSet } | { readonly unknown: readonly string[] } {
  const known = [...metrics, ...custom, ...nameable];
  const chosen = new Set<Metric>(custom);
  const unknown: string[] = [];
  for (const name of names) {
    const found =
      name === DEFAULT_METRICS ? defaultMetrics : known.filter((metric) => patternOf(name).test(metric.name));
    for (const metric of found) chosen.add(metric);
    if (found.length > 0) continue;
    const suggestion = didYouMean(name, [DEFAULT_METRICS, ...known.map((metric) => metric.name)]);
    unknown.push(`${JSON.stringify(name)}${suggestion || "; `agentctl metrics` lists them"}`);
  }
  if (unknown.length > 0) return { unknown };
  return { set: metricSetOf(known.filter((metric) => chosen.has(metric))) };
}

function patternOf(name: string): RegExp {
  const escaped = name.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`);
}

/**
 * The metrics of a stored run. A custom one keeps its facts, so that stored scores can be estimated, but scores no
 * trial: its code is not there.
 *
 * @param names - as stored; empty for a run from before they were: then the default metrics
 */
export function storedMetricSet(names: readonly string[], custom: readonly MetricFacts[]): MetricSet {
  if (names.length === 0) return defaultMetricSet;
  const facts = new Map(custom.map((one) => [one.name, one]));
  const found = names.flatMap((name): Metric[] => {
    const own = facts.get(name);
    const metric = own === undefined ? metricByName(name) : withoutCode(own);
    return metric === undefined ? [] : [metric];
  });
  return metricSetOf(found);
}

function withoutCode(facts: MetricFacts): CaseMetric {
  return caseMetric({
    ...facts,
    needs: [],
    source: "the run's own",
    range: "not stated",
    rules: { empty: "not stated", refusal: null, unsupportedClaim: null },
    agreesWith: "no peer",
    score: () => unscored("the metric was not computed"),
  });
}

/** What a run stores of a metric that agentctl does not define. */
export function factsOf(metric: CaseMetric): MetricFacts {
  const { name, layer, unit, direction, aggregate, description, scale } = metric;
  const facts = { name, layer, unit, direction, aggregate, description };
  return scale === undefined ? facts : { ...facts, scale };
}
