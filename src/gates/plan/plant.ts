import type { CaseMetric, Metric, TrialRow } from "../../metrics/metric.js";
import { quantile } from "../../stats/quantile.js";
import type { SeededRandom } from "../../stats/random.js";
import type { Planted } from "./gate-plan.js";
import { caseMetricOf, type PoolFacts, poolFacts } from "./pool-facts.js";
import type { TrialPool } from "./trial-pool.js";

/** Changes a drawn trial to what a worse (or better) agent would have done. */
export type Plant = (row: TrialRow, random: SeededRandom) => TrialRow;

/** How a change is planted on a metric. */
export type PlantKind =
  /** Shares of trials: points are planted. */
  | "rate"
  /** Times, costs, tokens and counts: ratios are planted. */
  | "load"
  /** Nothing is known to plant on it. */
  | "none";

/** What kind of change a metric can show. */
export function plantKindOf(metric: Metric): PlantKind {
  if (metric.level === "run") {
    if (metric.statistic?.kind === "pass") return "rate";
    return metric.unit === "ms" || metric.unit === "usd" ? "load" : "none";
  }
  if (metric.unit === "proportion" || metric.unit === "score" || metric.unit === "rating") return "rate";
  return isCountOfEvents(metric) ? "rate" : "load";
}

/** Totals of events such as violations: worse means that more trials have one. */
function isCountOfEvents(metric: CaseMetric): boolean {
  return metric.unit === "count" && metric.aggregate === "sum";
}

/** The change that a scenario makes to every metric that can show it; `null`: none. */
export function plantOf(planted: Planted, pool: TrialPool, metrics: readonly Metric[]): Plant | null {
  if (planted.kind === "same") return null;
  if (planted.kind === "ratio") return planted.size === 1 ? null : loadPlant(planted.size, pool, metrics);
  const shifts = rateMetrics(metrics).map((metric) =>
    shiftBy(metric, poolFacts(pool, metric.name), planted.size),
  );
  return shiftPlant(shifts);
}

/** Moves the mean of one metric to a value; `null` where that cannot be done. */
export function plantTruth(metric: Metric, truth: number, pool: TrialPool): Plant | null {
  const scored = caseMetricOf(metric, [metric]);
  if (scored === null) return null;
  const { rate } = poolFacts(pool, scored.name);
  return rate === null ? null : shiftPlant([shiftTo(scored, rate, truth)]);
}

function rateMetrics(metrics: readonly Metric[]): CaseMetric[] {
  const found = metrics
    .filter((metric) => plantKindOf(metric) === "rate")
    .flatMap((metric) => caseMetricOf(metric, metrics) ?? []);
  return [...new Set(found)];
}

interface Shift {
  readonly metric: string;
  /** @param chance - in [0, 1), one for all metrics of a trial: a bad trial is bad in all of them */
  readonly to: (value: number, chance: number) => number;
}

function shiftPlant(shifts: readonly Shift[]): Plant {
  return (row, random) => {
    const chance = random.nextUnit();
    let scores = row.scores;
    for (const { metric, to } of shifts) {
      const value = scores[metric]?.value ?? null;
      if (value === null) continue;
      const moved = to(value, chance);
      if (moved !== value) scores = { ...scores, [metric]: { value: moved } };
    }
    return scores === row.scores ? row : { ...row, scores };
  };
}

/** Worse by `size`: points of a share, that share of trials with one more event, or of the span of a rating. */
function shiftBy(metric: CaseMetric, { rate }: PoolFacts, size: number): Shift {
  if (rate === null) return { metric: metric.name, to: (value) => value };
  const worse = metric.direction === "higher" ? -1 : 1;
  if (metric.unit === "rating") {
    const { scale } = metric;
    const step = worse * size * (scale === undefined ? Math.abs(rate) : Math.abs(scale.max - scale.min));
    return { metric: metric.name, to: (value) => value + step };
  }
  if (isCountOfEvents(metric)) {
    return { metric: metric.name, to: (value, chance) => (chance < size ? value + 1 : value) };
  }
  return shiftTo(metric, rate, Math.min(1, Math.max(0, rate + worse * size)));
}

/** Single outcomes are turned over with the chance that is needed; shares are scaled. */
function shiftTo(metric: CaseMetric, rate: number, truth: number): Shift {
  if (truth <= rate) {
    const lost = rate === 0 ? 0 : 1 - truth / rate;
    return {
      metric: metric.name,
      to: (value, chance) => (value === 1 ? (chance < lost ? 0 : 1) : value * (1 - lost)),
    };
  }
  const gained = (truth - rate) / (1 - rate);
  return {
    metric: metric.name,
    to: (value, chance) => (value === 0 ? (chance < gained ? 1 : 0) : 1 - (1 - value) * (1 - gained)),
  };
}

/** Times at or above the cut, and all costs, tokens and counts, times `ratio`. */
function loadPlant(ratio: number, pool: TrialPool, metrics: readonly Metric[]): Plant {
  const rows = pool.strata.flatMap((stratum) => stratum.rows);
  const cut = cutOf(metrics);
  const atLeast = (values: readonly number[]) => (cut === 0 ? 0 : (quantile(values, cut) ?? 0));
  const slow = atLeast(rows.map((row) => row.durationMs));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.samples ?? {})))];
  const slowSample = new Map(
    names.map((name) => [name, atLeast(rows.flatMap((row) => row.samples?.[name] ?? []))]),
  );
  const loads = metrics.filter((metric) => metric.level === "case" && plantKindOf(metric) === "load");
  // Drawn trials share what the stored ones measured.
  const scoresOf = rememberedOf((scores: TrialRow["scores"]) => scaled(scores, loads, ratio));
  const samplesOf = rememberedOf((samples: Samples) => slowed(samples, slowSample, ratio));
  return (row) => {
    const planted = {
      ...row,
      durationMs: row.durationMs >= slow ? row.durationMs * ratio : row.durationMs,
      costUsd: row.costUsd === null ? null : row.costUsd * ratio,
      scores: scoresOf(row.scores),
    };
    return row.samples === undefined ? planted : { ...planted, samples: samplesOf(row.samples) };
  };
}

type Samples = NonNullable<TrialRow["samples"]>;

function rememberedOf<Value extends object>(change: (value: Value) => Value): (value: Value) => Value {
  const known = new WeakMap<Value, Value>();
  return (value) => {
    const changed = known.get(value) ?? change(value);
    known.set(value, changed);
    return changed;
  };
}

function slowed(samples: Samples, slow: ReadonlyMap<string, number>, ratio: number): Samples {
  return Object.fromEntries(
    Object.entries(samples).map(([name, values]) => {
      const cut = slow.get(name) ?? 0;
      return [name, values.map((value) => (value >= cut ? value * ratio : value))];
    }),
  );
}

function scaled(scores: TrialRow["scores"], loads: readonly Metric[], ratio: number): TrialRow["scores"] {
  const changed = loads.flatMap(({ name }) => {
    const value = scores[name]?.value ?? null;
    return value === null ? [] : [[name, { value: value * ratio }] as const];
  });
  return changed.length === 0 ? scores : { ...scores, ...Object.fromEntries(changed) };
}

/**
 * Where the tail begins that a ratio is planted on: for a quantile q twice the share above it, so that the quantile
 * itself grows by the ratio; 0 (all trials) for medians, means and totals.
 */
export function cutOf(metrics: readonly Metric[]): number {
  const cuts = metrics
    .filter(({ unit }) => unit === "ms")
    .map((metric) =>
      metric.level === "run" && metric.statistic?.kind === "quantile"
        ? Math.max(0, 2 * metric.statistic.q - 1)
        : 0,
    );
  return cuts.length === 0 ? 0 : Math.min(...cuts);
}
