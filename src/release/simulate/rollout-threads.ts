import { isMainThread, type MessagePort, parentPort, type Worker, workerData } from "node:worker_threads";
import { moduleThread } from "../../runtime/module-thread.js";
import { type RolloutBatch, type RolloutByWay, type RolloutWork, simulateBatch } from "./rollout-batch.js";

/** Marks the data of our threads: this module is also loaded by threads of others. */
const MARK = "agentctl-rollouts";
/** What a rollout leaves behind is gone with it, so that most of it need never be copied. */
const YOUNG_MIB = 64;

/**
 * Simulates batches in threads, each by the first thread that is free.
 *
 * @param threads - at least 1
 * @param onBatch - is told each batch, in the order in which they end
 * @throws what a rollout throws, and when a thread dies
 */
export async function simulateInThreads(
  work: RolloutWork,
  batches: readonly RolloutBatch[],
  threads: number,
  onBatch: (batch: RolloutBatch, results: readonly RolloutByWay[]) => void,
): Promise<void> {
  const queue = batches.values();
  const workers: Worker[] = [];
  try {
    await Promise.all(
      Array.from({ length: Math.min(threads, batches.length) }, () => {
        const worker = moduleThread(
          import.meta.url,
          { mark: MARK, work },
          { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } },
        );
        workers.push(worker);
        return emptied(worker, queue, onBatch);
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Gives a thread one batch after the other, until none is left. */
function emptied(
  worker: Worker,
  queue: Iterator<RolloutBatch>,
  onBatch: (batch: RolloutBatch, results: readonly RolloutByWay[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let batch: RolloutBatch | undefined;
    const goOn = () => {
      batch = queue.next().value;
      if (batch === undefined) resolve();
      else worker.postMessage(batch);
    };
    worker.on("message", (results: readonly RolloutByWay[]) => {
      if (batch !== undefined) onBatch(batch, results);
      goOn();
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a thread of the simulation ended with ${code}`)));
    goOn();
  });
}

function isOurs(data: unknown): data is { readonly work: RolloutWork } {
  return typeof data === "object" && data !== null && "mark" in data && data.mark === MARK;
}

function serve(port: MessagePort, work: RolloutWork): void {
  port.on("message", (batch: RolloutBatch) => {
    void simulateBatch(work, batch).then((results) => port.postMessage(results));
  });
}

if (!isMainThread && isOurs(workerData) && parentPort !== null) serve(parentPort, workerData.work);
