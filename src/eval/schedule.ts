import { setImmediate as nextMacrotask } from "node:timers/promises";
import type { PlannedTrial } from "../core/run.js";

/** Longest time for which trials that never wait may keep timers, signals and the display from running. */
const YIELD_AFTER_MS = 20;

export interface ScheduleOptions {
  /** Trials in flight at once, at least 1. */
  readonly maxConcurrency: number;
  /** Aborting starts no further trial; those in flight are told by their own signal. */
  readonly signal: AbortSignal;
  /** Asked before each start; `true` starts no further trial. */
  readonly shouldStop: () => boolean;
}

/**
 * Runs trials in plan order with bounded concurrency. Rejects with the first error that `runOne` throws
 * (a bug or a store failure), after the trials in flight have ended.
 */
export async function schedule(
  plan: readonly PlannedTrial[],
  runOne: (planned: PlannedTrial) => Promise<void>,
  options: ScheduleOptions,
): Promise<void> {
  let position = 0;
  let failed = false;
  let lastYield = performance.now();
  const worker = async () => {
    while (!failed && !options.signal.aborted && !options.shouldStop()) {
      const planned = plan[position++];
      if (planned === undefined) return;
      try {
        await runOne(planned);
      } catch (error) {
        failed = true;
        throw error;
      }
      if (performance.now() - lastYield > YIELD_AFTER_MS) {
        await nextMacrotask();
        lastYield = performance.now();
      }
    }
  };
  const workers = Array.from({ length: Math.min(options.maxConcurrency, plan.length) }, worker);
  const results = await Promise.allSettled(workers);
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
