import { ProviderError } from "../../core/errors.js";
import type { ModelReply } from "../../core/message.js";
import { abortedError } from "../deadlines.js";
import type { Model } from "../model.js";

/**
 * Asks one model after the other until one answers; each brings its own retries, deadlines and limits. It goes under
 * the name of the first. A reply of another says so in `answeredBy`, and costs what that one's price says.
 *
 * The next model is not asked when the failure would be the same there: a request that is refused as wrong, a
 * replay or script without a reply, an abort. Text given to `onText` before a failure is not taken back.
 *
 * @param models - at least one, in order of preference
 * @throws PROVIDER_ABORTED when aborted; else the error of the last model asked, which names those before it
 */
export function fallbackModel(models: readonly [Model, ...Model[]]): Model {
  const [first, ...others] = models;
  if (others.length === 0) return first;
  return {
    provider: first.provider,
    name: first.name,
    async complete(request, options): Promise<ModelReply> {
      const failures: ProviderError[] = [];
      for (const [index, model] of models.entries()) {
        try {
          const reply = await model.complete(request, options);
          return index === 0
            ? reply
            : { ...reply, answeredBy: { provider: model.provider, model: model.name } };
        } catch (error) {
          const next = models[index + 1];
          if (!(error instanceof ProviderError) || !anotherMayAnswer(error)) throw error;
          if (options.signal.aborted) throw abortedError(`${model.provider} model "${model.name}"`);
          failures.push(error);
          if (next === undefined) throw allFailed(failures);
          options.onFallback?.({ error, provider: next.provider, model: next.name });
        }
      }
      throw new TypeError("a fallback chain without models");
    },
  };
}

/** Statuses of a refused request that lie with the endpoint, not with the request: no credit, no such model, gone. */
const OWN_REFUSALS: ReadonlySet<number | undefined> = new Set([402, 404, 405, 410]);

function anotherMayAnswer(error: ProviderError): boolean {
  switch (error.code) {
    case "PROVIDER_RATE_LIMITED":
    case "PROVIDER_UNAVAILABLE":
    case "PROVIDER_TIMEOUT":
    case "PROVIDER_BAD_RESPONSE":
    case "PROVIDER_AUTH":
      return true;
    case "PROVIDER_REJECTED":
      return OWN_REFUSALS.has(error.status);
    default:
      return false;
  }
}

function allFailed(failures: readonly ProviderError[]): ProviderError {
  const last = failures.at(-1);
  if (last === undefined) throw new TypeError("no model failed");
  const earlier = failures.slice(0, -1).map(({ message }) => message);
  return new ProviderError(last.code, `${last.message}; before it: ${earlier.join("; ")}`, {
    cause: last,
    isRetryable: failures.some(({ isRetryable }) => isRetryable),
    ...(last.nextStep === undefined ? {} : { nextStep: last.nextStep }),
    ...(last.status === undefined ? {} : { status: last.status }),
    ...(last.retryAfterMs === undefined ? {} : { retryAfterMs: last.retryAfterMs }),
  });
}
