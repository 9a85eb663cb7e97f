import type { SimulatedShare, SimulatedWay } from "../../report/canary-simulation-document.js";
import { nearestRank } from "../../stats/nearest-rank.js";
import { wilson } from "../../stats/wilson.js";
import type { RolloutResult } from "./rollout.js";

/**
 * Operating characteristics of one way of deciding.
 *
 * @param results - at least one
 * @param speed - how many times as fast the simulation ran
 */
export function summarise(
  way: SimulatedWay["way"],
  results: readonly RolloutResult[],
  speed: number,
): SimulatedWay {
  const shareOf = (end: RolloutResult["end"]) =>
    share(results.filter((one) => one.end === end).length, results.length);
  const causes: Record<string, number> = {};
  for (const { cause } of results) if (cause !== null) causes[cause] = (causes[cause] ?? 0) + 1;
  const exposed = results.map((one) => one.exposed);
  const lost = results.map((one) => one.lost);
  const medianMs = (end: RolloutResult["end"]) => {
    const times = results.filter((one) => one.end === end).map(({ afterMs }) => afterMs * speed);
    return times.length === 0 ? null : quantileOf(times, 0.5);
  };
  return {
    way,
    promoted: shareOf("promoted"),
    rolledBack: shareOf("rolled-back"),
    paused: shareOf("paused"),
    causes: Object.fromEntries(Object.entries(causes).sort((a, b) => b[1] - a[1])),
    exposedMean: meanOf(exposed),
    exposedP95: quantileOf(exposed, 0.95),
    lostMean: meanOf(lost),
    lostP95: quantileOf(lost, 0.95),
    toPromoteMs: medianMs("promoted"),
    toRollbackMs: medianMs("rolled-back"),
    looksMean: meanOf(results.map(({ looks }) => looks)),
  };
}

function share(rollouts: number, all: number): SimulatedShare {
  const { lower, upper } = wilson(rollouts, all);
  return { rollouts, share: rollouts / all, lower: lower ?? 0, upper: upper ?? 1 };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantileOf(values: readonly number[], q: number): number {
  return nearestRank(values, q) ?? Number.NaN;
}
