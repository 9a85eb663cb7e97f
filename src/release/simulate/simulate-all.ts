import { availableParallelism } from "node:os";
import { type RolloutBatch, type RolloutByWay, type RolloutWork, simulateBatch } from "./rollout-batch.js";

/** Few enough that no thread waits long for the last one, and enough that they seldom ask. */
const BATCH = 5;

/**
 * Simulates all rollouts of several releases, in as many threads as `jobs` says. No result depends on their number.
 *
 * @param onProgress - called after each rollout with how many of all are done
 * @returns by release, in the order of the rollouts
 */
export async function simulateAll(
  work: RolloutWork,
  { rollouts, jobs = availableParallelism() }: { readonly rollouts: number; readonly jobs?: number },
  onProgress: (done: number, all: number) => void,
): Promise<readonly (readonly RolloutByWay[])[]> {
  const results: RolloutByWay[][] = work.releases.map(() => []);
  const all = work.releases.length * rollouts;
  let done = 0;
  const keep = ({ release, from }: RolloutBatch, found: readonly RolloutByWay[]) => {
    for (const [index, one] of found.entries()) {
      (results[release] as RolloutByWay[])[from + index] = one;
      done += 1;
      onProgress(done, all);
    }
  };
  const batches = batchesOf(work.releases.length, rollouts);
  if (jobs === 1 || batches.length === 1) {
    for (const batch of batches) keep(batch, await simulateBatch(work, batch));
    return results;
  }
  const { simulateInThreads } = await import("./rollout-threads.js");
  await simulateInThreads(work, batches, jobs, keep);
  return results;
}

function batchesOf(releases: number, rollouts: number): RolloutBatch[] {
  const batches: RolloutBatch[] = [];
  for (let release = 0; release < releases; release++) {
    for (let from = 0; from < rollouts; from += BATCH) {
      batches.push({ release, from, count: Math.min(BATCH, rollouts - from) });
    }
  }
  return batches;
}
