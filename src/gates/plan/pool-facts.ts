import type { CaseMetric, Metric } from "../../metrics/metric.js";
import type { GateAssumption } from "./gate-plan.js";
import type { SourceCase, Stratum, TrialPool } from "./trial-pool.js";

/** What a pool says of one metric that scores single trials. */
export interface PoolFacts extends GateAssumption {
  readonly rate: number | null;
  /** Whether every score is 0 or 1. */
  readonly isBinary: boolean;
  /** Whether every trial of a case that has a score at all has one. */
  readonly isWhole: boolean;
}

/** A case metric by its name, or the one that a chance of passing is made of. */
export function caseMetricOf(metric: Metric, metrics: readonly Metric[]): CaseMetric | null {
  if (metric.level === "case") return metric;
  if (metric.statistic?.kind !== "pass") return null;
  const success = metrics.find(({ name }) => name === "task.success");
  return success?.level === "case" ? success : null;
}

/** Mean, discordance and kind of the scores of a metric in the cases that the plan draws. */
export function poolFacts(pool: TrialPool, metric: string): PoolFacts {
  let cases = 0;
  let sum = 0;
  let within = 0;
  let scoredGroups = 0;
  let isBinary = true;
  let isWhole = true;
  for (const { stratum, cases: own } of pool.slots) {
    const facts = stratumFacts(stratum, metric);
    if (facts.mean === null) continue;
    isWhole &&= facts.isWhole;
    isBinary &&= facts.isBinary;
    scoredGroups += 1;
    cases += own.length;
    sum += own.length * facts.mean;
    within += own.length * facts.within;
  }
  if (cases === 0) return { cases, rate: null, discordant: null, isBinary: false, isWhole: false };
  const rate = sum / cases;
  // Another case's trial brings a score only where the metric applies to that case, too.
  const redraw = (pool.redraw * scoredGroups) / pool.slots.length;
  const kept = (1 - redraw) ** 2;
  const discordant = kept * (within / cases) + (1 - kept) * 2 * rate * (1 - rate);
  return { cases, rate, discordant: isBinary ? discordant : null, isBinary, isWhole };
}

interface StratumFacts {
  /** Over cases; `null` where no case has a score. */
  readonly mean: number | null;
  /** How often two trials of one case that are drawn with return differ, if scores are 0 or 1. */
  readonly within: number;
  readonly isBinary: boolean;
  readonly isWhole: boolean;
}

const known = new WeakMap<Stratum, Map<string, StratumFacts>>();

function stratumFacts(stratum: Stratum, metric: string): StratumFacts {
  const own = known.get(stratum) ?? new Map<string, StratumFacts>();
  known.set(stratum, own);
  const facts = own.get(metric) ?? computedFacts(stratum, metric);
  own.set(metric, facts);
  return facts;
}

function computedFacts(stratum: Stratum, metric: string): StratumFacts {
  const sources = stratum.units.flatMap((unit) => unit.cases);
  const values = sources.map((one) => valuesOf(one, metric));
  const scored = values.filter((own) => own.length > 0);
  if (scored.length === 0) return { mean: null, within: 0, isBinary: true, isWhole: true };
  const means = scored.map(meanOf);
  return {
    mean: meanOf(means),
    within: meanOf(means.map((one) => 2 * one * (1 - one))),
    isBinary: scored.every((own) => own.every((value) => value === 0 || value === 1)),
    isWhole: sources.every((one, index) => values[index]?.length === one.rows.length),
  };
}

/**
 * Share of redrawn trials at which two runs of one agent disagree on a wanted share of cases.
 *
 * @param discordant - wanted share of cases whose outcome differs, in [0, 1]
 * @returns in [0, 1]: 0 where the repeated trials alone disagree as often or more, 1 where even independent ones do not
 */
export function redrawFor(pool: Omit<TrialPool, "redraw">, metric: string, discordant: number): number {
  const own = poolFacts({ ...pool, redraw: 0 }, metric).discordant;
  const independent = poolFacts({ ...pool, redraw: 1 }, metric).discordant;
  if (own === null || independent === null || discordant <= own) return 0;
  if (discordant >= independent) return 1;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const redraw = (low + high) / 2;
    if ((poolFacts({ ...pool, redraw }, metric).discordant ?? 0) < discordant) low = redraw;
    else high = redraw;
  }
  return high;
}

/**
 * Share of cases whose outcome differs between two trials of one agent, as repeated trials show it, without bias.
 *
 * @returns `null` where no case has two scored trials
 */
export function observedDiscordance(pool: Pick<TrialPool, "strata">, metric: string): number | null {
  const shares = pool.strata
    .flatMap((stratum) => stratum.units.flatMap((unit) => unit.cases))
    .map((one) => valuesOf(one, metric))
    .filter((values) => values.length >= 2)
    .map((values) => {
      const passed = values.reduce((sum, value) => sum + value, 0);
      return (2 * passed * (values.length - passed)) / (values.length * (values.length - 1));
    });
  return shares.length === 0 ? null : meanOf(shares);
}

function valuesOf(source: SourceCase, metric: string): number[] {
  return source.rows.flatMap((row) => row.scores[metric]?.value ?? []);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
