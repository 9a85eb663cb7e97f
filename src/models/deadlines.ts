import { setMaxListeners } from "node:events";
import { ProviderError } from "../core/errors.js";

/** How long one model call may take. */
export interface Deadlines {
  /** Milliseconds from start to whole reply. */
  readonly totalMs: number;
  /** Longest silence between two pieces of a streamed reply, in milliseconds; counted from the first piece. */
  readonly idleMs: number;
}

/** What a guarded call gets to work with. */
export interface CallGuard {
  /** Aborted when the caller aborts or a deadline passes; its reason is the `ProviderError` to raise. */
  readonly signal: AbortSignal;
  /** Call at each piece that arrives: starts or restarts the idle deadline. */
  touch(): void;
}

/** The error that an aborted call ends with. */
export function abortedError(place: string): ProviderError {
  return new ProviderError("PROVIDER_ABORTED", `${place} was aborted`);
}

/**
 * Runs a model call under a total and an idle deadline. Needed because the SDKs' own `timeout` ends with the
 * first bytes of a stream, and because an aborted stream ends like a finished one there.
 *
 * @param place - names the call in error messages, e.g. `openai model "gpt-4o" at api.openai.com`
 * @param signal - the caller's wish to stop
 * @param work - the call; whatever it returns after a deadline or an abort is dropped
 * @throws {ProviderError} PROVIDER_ABORTED, or PROVIDER_TIMEOUT (retryable); otherwise what `work` throws
 */
export async function withDeadlines<T>(
  place: string,
  deadlines: Deadlines,
  signal: AbortSignal,
  work: (guard: CallGuard) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw abortedError(place);
  const controller = new AbortController();
  let idleTimer: NodeJS.Timeout | undefined;
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), { once: true });
  });
  const onAbort = () => controller.abort(abortedError(place));
  const expire = (message: string, setting: string) =>
    controller.abort(
      new ProviderError("PROVIDER_TIMEOUT", `${place} ${message}`, {
        isRetryable: true,
        nextStep: `Raise model.${setting} in the agent file if the endpoint is known to be this slow.`,
      }),
    );
  // One signal may stop many calls at once; Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", onAbort, { once: true });
  const totalTimer = setTimeout(
    () => expire(`gave no whole reply within ${deadlines.totalMs} ms`, "timeout_ms"),
    deadlines.totalMs,
  );
  const touch = () => {
    if (controller.signal.aborted) return;
    idleTimer ??= setTimeout(
      () => expire(`sent nothing for ${deadlines.idleMs} ms in the middle of a reply`, "idle_timeout_ms"),
      deadlines.idleMs,
    );
    idleTimer.refresh();
  };
  try {
    return await Promise.race([stopped, work({ signal: controller.signal, touch })]);
  } finally {
    clearTimeout(totalTimer);
    clearTimeout(idleTimer);
    signal.removeEventListener("abort", onAbort);
  }
}
