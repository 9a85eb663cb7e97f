import type { Problem } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";
import type { TauSimulation } from "./tau-simulation.js";

/** A simulation with the place where it was read. */
export interface PlacedSimulation {
  readonly simulation: TauSimulation;
  readonly at: Problem;
  /** How a message calls the place, e.g. `line 52`. */
  readonly place: string;
}

/**
 * Gives every simulation of a task its own trial number. Published recordings carry some numbers twice
 * (tau-bench's gpt-4o airline file has task 1 twice as trial 0 and never as trial 1): the later one gets the
 * lowest number that no simulation of the task claims.
 *
 * @returns the simulations in file order, and a problem for each that repeats another one word for word
 */
export function numberTrials(placed: readonly PlacedSimulation[]): {
  readonly simulations: readonly TauSimulation[];
  readonly problems: readonly Problem[];
} {
  const taken = new Map<string, Map<number, PlacedSimulation[]>>();
  for (const entry of placed) {
    const trials = taken.get(entry.simulation.caseId) ?? new Map<number, PlacedSimulation[]>();
    taken.set(entry.simulation.caseId, trials);
    const same = trials.get(entry.simulation.trial) ?? [];
    trials.set(entry.simulation.trial, [...same, entry]);
  }
  const renumbered = new Map<TauSimulation, TauSimulation>();
  const problems: Problem[] = [];
  for (const trials of taken.values()) {
    for (const [first, ...others] of [...trials.values()]) {
      for (const [index, other] of others.entries()) {
        const twin = [first, ...others.slice(0, index)].find((earlier) => isRepeated(earlier, other));
        if (twin !== undefined) {
          const { caseId, trial } = other.simulation;
          const message = `${other.at.message}expected ${caseId} trial ${trial} once; the same is on ${twin.place}`;
          problems.push({ ...other.at, message });
          continue;
        }
        let trial = 0;
        while (trials.has(trial)) trial++;
        trials.set(trial, [other]);
        renumbered.set(other.simulation, withTrial(other.simulation, trial));
      }
    }
  }
  return { simulations: placed.map(({ simulation }) => renumbered.get(simulation) ?? simulation), problems };
}

/** Crashes before the first turn look alike without being one and the same. */
function isRepeated(earlier: PlacedSimulation | undefined, later: PlacedSimulation): boolean {
  if (earlier === undefined || later.simulation.turns.length === 0) return false;
  return contentHash(earlier.simulation) === contentHash(later.simulation);
}

function withTrial(simulation: TauSimulation, trial: number): TauSimulation {
  return { ...simulation, trial, turns: simulation.turns.map((turn) => ({ ...turn, trial })) };
}
