import { setPriority } from "node:os";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { AgentctlError, ConfigError, ProviderError, StoreError } from "../../../core/errors.js";
import { moduleThread } from "../../module-thread.js";
import { type IndexTask, runIndexTask, type SearchCount, type TaskResult } from "./index-task.js";

/** Marks the data of our threads: this module is also loaded by threads of others. */
const MARK = "agentctl-index-task";
/** Lower than the searches of the main thread, where a machine is short of cores. */
const NICENESS = 19;

type Outcome =
  | { readonly ok: true; readonly result: TaskResult }
  | { readonly ok: false; readonly failure: Failure };

interface Failure {
  readonly kind: "config" | "provider" | "other";
  readonly message: string;
  readonly code: string | null;
  readonly isRetryable: boolean;
  readonly nextStep: string | null;
}

/**
 * Runs a task in a thread of its own, so that searches go on.
 *
 * @throws what the task throws; a {@link StoreError} when the thread dies
 */
export function runInThread(
  task: IndexTask,
  searches: SearchCount,
  signal: AbortSignal,
): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    const worker = moduleThread(import.meta.url, { mark: MARK, task, searches });
    const onAbort = () => void worker.terminate();
    signal.addEventListener("abort", onAbort, { once: true });
    const settle = (action: () => void) => {
      signal.removeEventListener("abort", onAbort);
      action();
    };
    worker.once("message", (outcome: Outcome) => {
      settle(() => (outcome.ok ? resolve(outcome.result) : reject(errorOf(outcome.failure))));
      void worker.terminate();
    });
    worker.once("error", (cause) =>
      settle(() => reject(new StoreError("the thread that builds an index failed", { cause }))),
    );
    worker.once("exit", () => settle(() => reject(new StoreError("the build of an index was stopped"))));
  });
}

function errorOf({ kind, message, code, isRetryable, nextStep }: Failure): Error {
  const options = nextStep === null ? {} : { nextStep };
  if (kind === "provider")
    return new ProviderError(code as ProviderError["code"], message, { ...options, isRetryable });
  if (kind === "other") {
    return new StoreError(`an index could not be built: ${message}`, {
      nextStep: "Check space and rights of the data folder; what was served before goes on serving.",
      ...options,
    });
  }
  const problems = message.split("\n").map((line) => {
    const [file = "", ...rest] = line.split(" ");
    return { file, message: rest.join(" ") };
  });
  return new ConfigError(problems, options);
}

function failureOf(error: unknown): Failure {
  const known = error instanceof AgentctlError ? error : null;
  return {
    kind: error instanceof ConfigError ? "config" : error instanceof ProviderError ? "provider" : "other",
    message: error instanceof Error ? error.message : String(error),
    code: known?.code ?? null,
    isRetryable: known?.isRetryable ?? false,
    nextStep: known?.nextStep ?? null,
  };
}

function isOurTask(data: unknown): data is { readonly task: IndexTask; readonly searches: SearchCount } {
  return typeof data === "object" && data !== null && "mark" in data && data.mark === MARK;
}

if (!isMainThread && isOurTask(workerData)) {
  // Elsewhere the priority is that of the whole process.
  if (process.platform === "linux") setPriority(NICENESS);
  const outcome = await runIndexTask(workerData.task, workerData.searches, new AbortController().signal).then(
    (result): Outcome => ({ ok: true, result }),
    (error: unknown): Outcome => ({ ok: false, failure: failureOf(error) }),
  );
  parentPort?.postMessage(outcome);
}
