import { ProviderError } from "../core/errors.js";
import type { ModelReply } from "../core/message.js";
import { abortedError } from "./deadlines.js";
import type { Model } from "./model.js";
import { RefusedCall } from "./resilience/refused-call.js";

export interface RetryOptions {
  /** Attempts after the first, at least 0. */
  readonly maxRetries: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Waits; may resolve early when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Upper end of the first wait, in milliseconds; doubles with each attempt. Default 500. */
  readonly baseDelayMs?: number;
  /** Longest wait of our own, in milliseconds. Default 30,000. */
  readonly maxDelayMs?: number;
  /** Longest wait that a provider may ask for, in milliseconds. Default 60,000. */
  readonly maxRetryAfterMs?: number;
}

/**
 * Milliseconds before the next attempt: exponential backoff with full jitter, or longer when the provider asks.
 *
 * @param attempt - 1-based number of the attempt that failed
 * @see Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015
 */
export function retryDelayMs(
  attempt: number,
  retryAfterMs: number | undefined,
  options: Pick<RetryOptions, "random" | "baseDelayMs" | "maxDelayMs" | "maxRetryAfterMs">,
): number {
  const { baseDelayMs = 500, maxDelayMs = 30_000, maxRetryAfterMs = 60_000 } = options;
  const backoffMs = Math.round(options.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1)));
  return Math.max(backoffMs, Math.min(retryAfterMs ?? 0, maxRetryAfterMs));
}

/**
 * Makes calls that failed for a passing reason again, and reports each such failure through `onRetry`; not those that
 * were refused before they were made. Text given to `onText` by a failed attempt is not taken back: the next attempt
 * begins from the start.
 *
 * @throws the error of the last attempt; PROVIDER_ABORTED when aborted while waiting
 */
export function retryingModel(model: Model, options: RetryOptions): Model {
  return {
    provider: model.provider,
    name: model.name,
    async complete(request, completeOptions): Promise<ModelReply> {
      const { signal } = completeOptions;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await model.complete(request, completeOptions);
        } catch (error) {
          if (!mayBeMadeAgain(error) || attempt > options.maxRetries) throw error;
          const waitMs = retryDelayMs(attempt, error.retryAfterMs, options);
          completeOptions.onRetry?.({ attempt, error, waitMs });
          await options.sleep(waitMs, signal);
          if (signal.aborted) throw abortedError(`${model.provider} model "${model.name}"`);
        }
      }
    },
  };
}

function mayBeMadeAgain(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.isRetryable && !(error instanceof RefusedCall);
}

/** Waits by the system's timer; resolves early when the signal aborts. */
export function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish, { once: true });
  });
}
