import { contentHash } from "../core/hash.js";
import type { ModelReply } from "../core/message.js";
import type { ResponseCache } from "../core/response-cache.js";
import type { Model, ModelRequest } from "./model.js";
import type { Pricer } from "./price.js";
import { requestHash } from "./request-hash.js";

/**
 * Key of a cached reply. It holds the position, so that trial 2 of a case is a real repetition and not a copy of
 * trial 1.
 */
export function responseCacheKey(
  model: Pick<Model, "provider" | "name">,
  baseUrl: string | null,
  request: ModelRequest,
): string {
  return contentHash({
    provider: model.provider,
    model: model.name,
    baseUrl,
    request: requestHash(request),
    position: request.position,
  });
}

export interface CachingOptions {
  /** Endpoint that answers; `null` when there is only one. */
  readonly baseUrl: string | null;
  /** Today's price of a cached reply; `null` for a model whose replies keep the cost they came with. */
  readonly priceOf: Pricer | null;
}

/**
 * Answers from the cache where it can; whole replies of the model go into it, errors and answers of a fallback never. The price is no part
 * of the key, so a new one asks nobody again: a cached reply costs what its usage costs today.
 */
export function cachingModel(model: Model, cache: ResponseCache, options: CachingOptions): Model {
  return {
    provider: model.provider,
    name: model.name,
    async complete(request, completeOptions) {
      const key = responseCacheKey(model, options.baseUrl, request);
      const known = completeOptions.signal.aborted ? undefined : cache.get(key);
      if (known !== undefined) {
        completeOptions.onCacheHit?.();
        if (known.text !== null) completeOptions.onText?.(known.text);
        return priced(known, options.priceOf);
      }
      const reply = await model.complete(request, completeOptions);
      // Next time the first model of the chain may be up again, and would be the one to answer.
      if (reply.answeredBy === undefined) cache.set(key, reply);
      return reply;
    },
  };
}

function priced(reply: ModelReply, priceOf: Pricer | null): ModelReply {
  if (priceOf === null || reply.usage === null) return reply;
  return { ...reply, costUsd: priceOf(reply.usage, reply.model) };
}
