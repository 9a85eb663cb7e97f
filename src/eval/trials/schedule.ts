import type { PlannedTrial } from "../../core/run.js";

export interface ScheduleOptions {
  /** Trials in flight at once, at least 1. */
  readonly maxConcurrency: number;
  /** Aborting starts no further trial; those in flight are told by their own signal. */
  readonly signal: AbortSignal;
  /** Asked before each start; `true` starts no further trial. */
  readonly shouldStop: () => boolean;
}

/**
 * Runs trials in plan order with bounded concurrency. `runOne` must wait for the event loop at least once
 * (storing a trial does), or timers, signals and the display stand still meanwhile. Rejects with the first error that `runOne` throws
 * (a bug or a store failure), after the trials in flight have ended.
 */
export async function schedule(
  plan: readonly PlannedTrial[],
  runOne: (planned: PlannedTrial) => Promise<void>,
  options: ScheduleOptions,
): Promise<void> {
  let position = 0;
  let failed = false;
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
    }
  };
  const workers = Array.from({ length: Math.min(options.maxConcurrency, plan.length) }, worker);
  const results = await Promise.allSettled(workers);
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
