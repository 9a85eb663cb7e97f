import type { Clock } from "../../core/clock.js";
import type { EndpointWarmReport } from "../../report/schemas/endpoint-warm.js";
import { quantile } from "../../stats/quantile.js";
import { probeChat } from "./check/probe-chat.js";
import type { EndpointAddress } from "./http/endpoint-address.js";
import { openEndpoint } from "./http/endpoint-client.js";
import type { Prompts } from "./http/prompts.js";
import { resolveModel } from "./http/resolve-model.js";
import { streamChat } from "./http/stream-chat.js";

export interface WarmOptions {
  readonly model: string | undefined;
  readonly prompts: Prompts;
  /** Requests at most; at least two batches. */
  readonly requests: number;
  /** Requests at once, which are one batch. */
  readonly concurrency: number;
  readonly outputTokens: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onBatch?: (medianMs: number) => void;
}

/** How close two medians in a row must be. */
const TOLERANCE = 0.1;

/**
 * Sends requests in batches until the time to first token is stable: the medians of two batches in a row differ by at
 * most 10 % of the larger one. Caches of prefixes and kernels are filled then, and a first look at latency is none at a cold server.
 *
 * @returns `unstable` when the limit came first; `failed` when a whole batch brought no answer
 * @throws {ProviderError} when nothing answers
 * @throws {UsageError} when no model is named and none is listed
 */
export async function warmEndpoint(
  address: EndpointAddress,
  options: WarmOptions,
): Promise<EndpointWarmReport> {
  const { clock, signal, concurrency, timeoutMs } = options;
  const client = openEndpoint(address);
  try {
    const model = await resolveModel(client, options.model, signal);
    const { limitField } = await probeChat({ client, model, clock, signal });
    const medians: number[] = [];
    let sent = 0;
    let failed = 0;
    const report = (state: EndpointWarmReport["state"], reason: string): EndpointWarmReport => ({
      url: client.url,
      model,
      state,
      requests: sent,
      failed,
      medians,
      reason,
    });
    while (sent < options.requests) {
      const first = sent;
      const count = Math.min(concurrency, options.requests - sent);
      sent += count;
      const chats = await Promise.all(
        Array.from({ length: count }, (_, index) => {
          const messages = options.prompts(first + index);
          const body = { model, messages, [limitField]: options.outputTokens };
          return streamChat(client, body, { clock, signal, timeoutMs });
        }),
      );
      if (signal.aborted) return report("interrupted", "stopped before the times were stable");
      const times = chats.flatMap(({ reply, pieceTimes, sentAt }) => {
        const [at] = pieceTimes;
        return reply.status === 200 && reply.problem === null && at !== undefined ? [at - sentAt] : [];
      });
      failed += count - times.length;
      const median = quantile(times, 0.5);
      if (median === null) return report("failed", "a whole batch brought no answer");
      medians.push(median);
      options.onBatch?.(median);
      // The last batch may be smaller than the others, and its median another thing.
      if (count === concurrency && isStable(medians)) return report("stable", stableReason(medians));
    }
    return report("unstable", `the medians still moved after ${sent} requests`);
  } finally {
    await client.close();
  }
}

function isStable(medians: readonly number[]): boolean {
  const [before, last] = medians.slice(-2);
  if (before === undefined || last === undefined) return false;
  return Math.abs(last - before) <= TOLERANCE * Math.max(last, before);
}

function stableReason(medians: readonly number[]): string {
  const [before = 0, last = 0] = medians.slice(-2);
  return `medians of ${before.toFixed(1)} and ${last.toFixed(1)} ms in a row`;
}
