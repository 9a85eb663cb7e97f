import { UsageError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { PlannedTrial } from "../../core/run.js";
import { SeededRandom } from "../../stats/random.js";

/** More would not fit into memory. */
const MOST_TRIALS = 2_000_000;

/**
 * The trials of a run in the order in which they start: all first trials, then all second ones, so that a
 * run that stops early has covered as many cases as possible.
 *
 * @param recordedTrials - numbers of the trials that the recording holds for a case, ascending; the first ones
 *   are taken, whatever their numbers; `null` when nothing is replayed
 * @throws {UsageError} for more trials than a run can hold
 */
export function planTrials(
  cases: readonly GoldenCase[],
  trialsPerCase: number,
  recordedTrials: ((caseId: string) => readonly number[]) | null,
): readonly PlannedTrial[] {
  if (cases.length * trialsPerCase > MOST_TRIALS) {
    throw new UsageError(
      `--trials ${trialsPerCase} of ${cases.length} cases: expected at most ${MOST_TRIALS.toLocaleString("en-US")} trials a run`,
      { nextStep: "ask for fewer trials, or split the dataset" },
    );
  }
  const plan: PlannedTrial[] = [];
  for (let position = 0; position < trialsPerCase; position += 1) {
    for (const one of cases) {
      const trial = recordedTrials === null ? position : recordedTrials(one.id)[position];
      if (trial !== undefined) plan.push({ caseId: one.id, caseHash: one.hash, trial });
    }
  }
  return plan;
}

/**
 * A plan in random order: the trials so far are then a random sample of all, at any time.
 *
 * @param seed - the same seed gives the same order
 */
export function inRandomOrder(plan: readonly PlannedTrial[], seed: number): readonly PlannedTrial[] {
  const random = new SeededRandom(seed);
  const order = [...plan];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random.nextBelow(last + 1);
    [order[last], order[other]] = [order[other] as PlannedTrial, order[last] as PlannedTrial];
  }
  return order;
}

/**
 * Checks that a recording holds as many trials as are asked for.
 *
 * @throws {UsageError} when no case has that many
 */
export function checkRecordedTrials(
  cases: readonly GoldenCase[],
  trialsPerCase: number,
  recordedTrials: (caseId: string) => readonly number[],
  recordingFile: string,
): void {
  const most = cases.reduce((sum, one) => Math.max(sum, recordedTrials(one.id).length), 0);
  if (most === 0) {
    throw new UsageError(`${recordingFile} holds no trial of the ${cases.length} selected cases`, {
      nextStep: "check that the recording belongs to this suite",
    });
  }
  if (trialsPerCase > most) {
    throw new UsageError(`--trials ${trialsPerCase}: ${recordingFile} holds at most ${most} a case`, {
      nextStep: `ask for --trials ${most} or fewer, or record more`,
    });
  }
}

/** The planned trials that are still to run. */
export function remainingTrials(
  plan: readonly PlannedTrial[],
  finished: Iterable<{
    readonly caseId: string;
    readonly trial: number;
    readonly status: "completed" | "error";
  }>,
  retryErrors: boolean,
): readonly PlannedTrial[] {
  const done = new Set<string>();
  for (const one of finished) {
    if (one.status === "completed" || !retryErrors) done.add(`${one.trial}/${one.caseId}`);
  }
  return plan.filter((planned) => !done.has(`${planned.trial}/${planned.caseId}`));
}
