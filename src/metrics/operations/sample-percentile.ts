import type { RatioParts, RunMetric, TrialRow } from "../metric.js";
import { runMetric } from "../run-metric.js";
import { estimateOf, meanLimits, noEstimate, type RunEstimate, sampleOf } from "../sample.js";
import { scored, unscored } from "../scores.js";
import { clusteredQuantile } from "./clustered-quantile.js";
import { FIRST_TOKEN_MS, TURN_MS } from "./sample-names.js";

/** Values below which a percentile that far out is not named at all, as for whole trials. */
const FEWEST_VALUES: Readonly<Record<number, number>> = { 99: 368 };

/** A measurement that trials hold several of. */
interface Measurement {
  readonly name: string;
  /** E.g. `turns`, as reasons call them. */
  readonly plural: string;
  /** Why a trial has none. */
  readonly missing: string;
}

const TURNS: Measurement = { name: TURN_MS, plural: "turns", missing: "no turn whose time is known" };
const FIRST_TOKENS: Measurement = {
  name: FIRST_TOKEN_MS,
  plural: "streamed turns",
  missing: "no model call says when its first token came",
};

function valuesOf({ status, samples }: TrialRow, { name }: Measurement): readonly number[] {
  return status === "completed" ? (samples?.[name] ?? []) : [];
}

/** All values of the run with the cluster of each, the trial counts and reasons as for any metric. */
function gather(rows: readonly TrialRow[], measurement: Measurement) {
  const sample = sampleOf(rows, (row) => {
    const count = valuesOf(row, measurement).length;
    return count === 0 ? unscored(measurement.missing) : scored(count);
  });
  const values = sample.rows.flatMap((row) => valuesOf(row, measurement));
  const groups = sample.rows.flatMap((row) => valuesOf(row, measurement).map(() => row.group));
  return { sample, values, groups };
}

function percentileEstimate(
  rows: readonly TrialRow[],
  measurement: Measurement,
  percent: number,
  level: number,
): RunEstimate {
  const { sample, values, groups } = gather(rows, measurement);
  if (values.length === 0) return noEstimate(sample, level);
  const fewest = FEWEST_VALUES[percent] ?? 1;
  if (values.length < fewest) {
    const reason = `p${percent} needs at least ${fewest} ${measurement.plural}, the run has ${values.length}`;
    return noEstimate(sample, level, reason);
  }
  const { estimate, lower, upper, clusters } = clusteredQuantile(values, groups, percent / 100, level);
  const limits = { value: estimate, lower, upper, method: "woodruff", clusters };
  const why =
    clusters < 2
      ? "one cluster gives no interval"
      : `${values.length} ${measurement.plural} of ${clusters} clusters are too few for both limits`;
  return estimateOf(lower === null || upper === null ? { ...limits, reason: why } : limits, sample, level);
}

function samplePercentile(
  measurement: Measurement,
  percent: 50 | 90 | 95 | 99,
  about: Pick<RunMetric, "name" | "description" | "needs"> & { readonly empty: string },
): RunMetric {
  const { empty, ...rest } = about;
  return runMetric(
    {
      ...rest,
      layer: "operations",
      unit: "ms",
      direction: "lower",
      source: "quantile type 7 (Hyndman and Fan 1996), interval of Woodruff 1952 clustered by case group",
      range: "0 and up",
      rules: { empty, refusal: null, unsupportedClaim: null },
      agreesWith: "type 7 is the default of NumPy and R; tools that take the nearest rank differ a little",
      statistic: { kind: "quantile", q: percent / 100, valuesOf: (row) => valuesOf(row, measurement) },
    },
    (rows, level) => percentileEstimate(rows, measurement, percent, level),
  );
}

/**
 * A percentile of the time of single turns: of each answered model call of the agent, tool calls and the user's turns
 * aside. Turns of one case are not independent, so the interval is clustered; p99 is `null` below 368 turns.
 */
export function turnPercentile(percent: 50 | 90 | 95 | 99): RunMetric {
  return samplePercentile(TURNS, percent, {
    name: `latency.turn_p${percent}_ms`,
    description:
      percent === 50
        ? "Median time of a single turn of the agent in milliseconds: from the message before it to its own."
        : `Time in milliseconds that ${percent} % of the agent's single turns stay below.`,
    needs: [percent === 99 ? "at least 368 turns whose time is known" : "a turn whose time is known"],
    empty: "No completed trial with a timed turn: no estimate. Turns from a cache have no time.",
  });
}

/** A percentile of the time to the first token of streamed replies, clustered as {@link turnPercentile}. */
export function firstTokenPercentile(percent: 50 | 95): RunMetric {
  return samplePercentile(FIRST_TOKENS, percent, {
    name: `latency.first_token_p${percent}_ms`,
    description:
      percent === 50
        ? "Median time to the first token of the agent's streamed replies in milliseconds."
        : `Time in milliseconds in which ${percent} % of the agent's streamed replies have begun.`,
    needs: ["a streamed model call whose provider client measured the first token"],
    empty: "No model call with a measured first token: no estimate; an unstreamed reply is not counted as 0.",
  });
}

/** Mean time of single turns over all turns of the run, with a cluster-robust interval by case group. */
export const meanTurn: RunMetric = runMetric(
  {
    name: "latency.turn_mean_ms",
    layer: "operations",
    unit: "ms",
    direction: "lower",
    description: "Mean time of a single turn of the agent in milliseconds, over all turns of the run.",
    needs: ["a turn whose time is known"],
    source: "arithmetic mean; clustered t (CR1) by case group",
    range: "0 and up",
    rules: {
      empty: "No completed trial with a timed turn: no estimate.",
      refusal: null,
      unsupportedClaim: null,
    },
    agreesWith: "no peer",
    statistic: { kind: "ratio", partsOf: turnTotals },
  },
  (rows, level) => {
    const { sample, values, groups } = turnsOf(rows);
    if (values.length === 0) return noEstimate(sample, level);
    return estimateOf(meanLimits(values, groups, level), sample, level);
  },
);

function turnTotals(row: TrialRow): RatioParts | null {
  const values = valuesOf(row, TURNS);
  if (values.length === 0) return null;
  return { numerator: values.reduce((sum, value) => sum + value, 0), denominator: values.length };
}

/** The measured turns of a run, for percentiles of other kinds. */
export function turnsOf(rows: readonly TrialRow[]) {
  return gather(rows, TURNS);
}
