import { simulatePlainTest } from "./plain-tests.js";
import { type RolloutResult, type SimulatedRelease, simulateRollout, streamOf } from "./rollout.js";

/** Rollouts that are simulated one after the other. */
export interface RolloutBatch {
  /** Index of the release. */
  readonly release: number;
  /** Index of the first rollout. */
  readonly from: number;
  readonly count: number;
}

/** What one stream came to by each way of deciding. */
export interface RolloutByWay {
  readonly plan: RolloutResult;
  readonly naive: RolloutResult;
  readonly fixed: RolloutResult;
}

/** What batches are parts of. */
export interface RolloutWork {
  readonly releases: readonly SimulatedRelease[];
  readonly seed: number;
}

/** Simulates a batch. A rollout depends on the seed and its index alone, and on no other rollout. */
export async function simulateBatch(
  { releases, seed }: RolloutWork,
  { release: number, from, count }: RolloutBatch,
): Promise<RolloutByWay[]> {
  const release = releases[number] as SimulatedRelease;
  const results: RolloutByWay[] = [];
  for (let index = from; index < from + count; index++) {
    const stream = streamOf(release, seed * 1_000_003 + index);
    results.push({
      plan: await simulateRollout(release, stream),
      naive: simulatePlainTest(release, stream, "naive"),
      fixed: simulatePlainTest(release, stream, "fixed"),
    });
  }
  return results;
}
