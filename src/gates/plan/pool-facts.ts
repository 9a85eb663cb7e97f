import type { CaseMetric, Metric } from "../../metrics/metric.js";
import type { GateAssumption } from "./gate-plan.js";
import type { SourceCase, TrialPool } from "./trial-pool.js";

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
  let disagreement = 0;
  let weight = 0;
  let isBinary = true;
  let isWhole = true;
  const strata = new Map(pool.strata.map((stratum) => [stratum, 0]));
  for (const { stratum, cases: own } of pool.slots) {
    strata.set(stratum, (strata.get(stratum) ?? 0) + own.length);
  }
  for (const [stratum, planned] of strata) {
    const sources = stratum.units.flatMap((unit) => unit.cases);
    const values = sources.map((one) => valuesOf(one, metric));
    const scored = values.filter((own) => own.length > 0);
    if (scored.length === 0 || planned === 0) continue;
    isWhole &&= sources.every((one, index) => values[index]?.length === one.rows.length);
    isBinary &&= scored.every((own) => own.every((value) => value === 0 || value === 1));
    const means = scored.map(meanOf);
    const mean = meanOf(means);
    const within = meanOf(means.map((one) => 2 * one * (1 - one)));
    const between = 2 * mean * (1 - mean);
    const kept = (1 - pool.redraw) ** 2;
    cases += planned;
    weight += planned;
    sum += planned * mean;
    disagreement += planned * (kept * within + (1 - kept) * between);
  }
  return {
    cases,
    rate: weight === 0 ? null : sum / weight,
    discordant: weight === 0 || !isBinary ? null : disagreement / weight,
    isBinary: weight > 0 && isBinary,
    isWhole: weight > 0 && isWhole,
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
  return 1 - Math.sqrt((independent - discordant) / (independent - own));
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
