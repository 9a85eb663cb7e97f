import type { RecordedSimulation, RecordedTurn } from "../core/recording.js";
import type { CallPosition } from "./model.js";

/** Recorded conversations to answer from, whatever file or import they came from. */
export interface ReplaySource {
  /** Names the recording in messages, e.g. its path. */
  readonly name: string;
  turnAt(position: CallPosition): RecordedTurn | undefined;
  /** Turns of one trial, in conversation order; empty when there are none. */
  turns(caseId: string, trial: number): readonly RecordedTurn[];
  /** Message of the failure that ended the trial, or `null`. */
  crash(caseId: string, trial: number): string | null;
  /** Recorded trials of a case, ascending. */
  trials(caseId: string): readonly number[];
  caseIds(): readonly string[];
}

/** A source over conversations in memory. Of two with the same case and trial the later one counts. */
export function replaySource(simulations: readonly RecordedSimulation[], name: string): ReplaySource {
  const cases = new Map<string, Map<number, RecordedSimulation>>();
  for (const simulation of simulations) {
    const trials = cases.get(simulation.caseId) ?? new Map<number, RecordedSimulation>();
    cases.set(simulation.caseId, trials.set(simulation.trial, simulation));
  }
  const simulationOf = (caseId: string, trial: number) => cases.get(caseId)?.get(trial);
  const turns = (caseId: string, trial: number) => simulationOf(caseId, trial)?.turns ?? [];
  return {
    name,
    turns,
    turnAt: ({ caseId, trial, speaker, turn }) =>
      turns(caseId, trial).find((candidate) => candidate.turn === turn && candidate.speaker === speaker),
    crash: (caseId, trial) => simulationOf(caseId, trial)?.crash ?? null,
    trials: (caseId) => [...(cases.get(caseId)?.keys() ?? [])].sort((a, b) => a - b),
    caseIds: () => [...cases.keys()],
  };
}
