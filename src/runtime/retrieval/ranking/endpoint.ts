import { ProviderError, type ProviderErrorCode } from "../../../core/errors.js";
import { abortedError, withDeadlines } from "../../../models/deadlines.js";
import { pooledFetch } from "../../../models/http-pool.js";
import { type RetryOptions, retryDelayMs } from "../../../models/retry.js";
import { retryAfterMs } from "../../../models/retry-after.js";

/** A server that embeds or reranks texts. */
export interface RetrievalEndpoint {
  /** URL that texts are posted to. */
  readonly url: string;
  readonly model: string;
  /** `null` for an own server without a key. */
  readonly apiKey: string | null;
  /** Environment variable of the key; named in error messages. */
  readonly keyEnv: string;
  /** Total time of one request, milliseconds. */
  readonly timeoutMs: number;
  readonly retry: Pick<RetryOptions, "maxRetries" | "random" | "sleep" | "baseDelayMs">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Why a reply is not what was asked for, without a word of it. */
export class MalformedReply extends Error {}

/** Larger replies are not a reply to what was asked. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Posts JSON and reads the JSON that comes back, again after failures that may pass (429, 408, 409, 5xx, timeouts, lost
 * connections, malformed bodies), with the waits that models have.
 *
 * @param read - turns the body into a result; whatever it throws is a malformed body, and the message of a
 *   {@link MalformedReply} says why
 * @throws {ProviderError} without a word of the request or of the body
 */
export async function postJson<Result>(
  endpoint: RetrievalEndpoint,
  body: unknown,
  read: (reply: unknown) => Result,
  signal: AbortSignal,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await postOnce(endpoint, body, read, signal);
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.isRetryable || attempt > endpoint.retry.maxRetries)
        throw error;
      await endpoint.retry.sleep(retryDelayMs(attempt, error.retryAfterMs, endpoint.retry), signal);
      if (signal.aborted) throw abortedError(placeOf(endpoint));
    }
  }
}

function placeOf(endpoint: RetrievalEndpoint): string {
  return `${new URL(endpoint.url).pathname.split("/").at(-1)} model "${endpoint.model}" at ${new URL(endpoint.url).host}`;
}

async function postOnce<Result>(
  endpoint: RetrievalEndpoint,
  body: unknown,
  read: (reply: unknown) => Result,
  signal: AbortSignal,
): Promise<Result> {
  const place = placeOf(endpoint);
  const deadlines = { totalMs: endpoint.timeoutMs, idleMs: endpoint.timeoutMs };
  return withDeadlines(place, deadlines, signal, async (guard) => {
    const response = await connect(endpoint, body, guard.signal, place);
    if (!response.ok) {
      await response.body?.cancel();
      throw statusError(response, endpoint, place);
    }
    const text = await textOf(response, guard.signal, place);
    try {
      return read(JSON.parse(text));
    } catch (error) {
      const why = error instanceof MalformedReply ? `: ${error.message}` : "";
      throw new ProviderError(
        "PROVIDER_BAD_RESPONSE",
        `${place} sent a body that is not what was asked for${why}`,
        { isRetryable: true, nextStep: "Check that base_url speaks this protocol." },
      );
    }
  });
}

async function connect(
  endpoint: RetrievalEndpoint,
  body: unknown,
  signal: AbortSignal,
  place: string,
): Promise<Response> {
  const headers: Record<string, string> = { "content-type": "application/json", accept: "application/json" };
  if (endpoint.apiKey !== null) headers.authorization = `Bearer ${endpoint.apiKey}`;
  try {
    return await pooledFetch(endpoint.url, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal,
      redirect: "error",
    });
  } catch (error) {
    throw connectionError(error, signal, place);
  }
}

async function textOf(response: Response, signal: AbortSignal, place: string): Promise<string> {
  const length = Number(response.headers.get("content-length") ?? 0);
  if (length > MOST_BYTES) {
    await response.body?.cancel();
    throw new ProviderError(
      "PROVIDER_BAD_RESPONSE",
      `${place} sent ${length} bytes, more than any reply needs`,
    );
  }
  try {
    return await response.text();
  } catch (error) {
    throw connectionError(error, signal, place);
  }
}

function connectionError(error: unknown, signal: AbortSignal, place: string): unknown {
  if (signal.aborted) return signal.reason;
  return new ProviderError("PROVIDER_UNAVAILABLE", `${place}: connection failed`, {
    cause: error,
    isRetryable: true,
    nextStep: "Check that the endpoint is up and that base_url is right.",
  });
}

function statusError(response: Response, endpoint: RetrievalEndpoint, place: string): ProviderError {
  const { status } = response;
  const code = codeOf(status);
  const wait = retryAfterMs((name) => response.headers.get(name), endpoint.now());
  const nextStep =
    code === "PROVIDER_AUTH"
      ? `Check the key in the environment variable ${endpoint.keyEnv} and what it may access.`
      : status === 413
        ? "Send less at once: lower embeddings.batch_size, rerank.top or chunk_words."
        : "Check base_url and model of the retrieval block; some servers refuse more texts, or longer ones, than they can take: see embeddings.batch_size, rerank.top and chunk_words.";
  return new ProviderError(code, `${place} answered HTTP ${status}`, {
    isRetryable:
      code === "PROVIDER_RATE_LIMITED" || code === "PROVIDER_TIMEOUT" || code === "PROVIDER_UNAVAILABLE",
    status,
    nextStep,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function codeOf(status: number): ProviderErrorCode {
  if (status === 401 || status === 403) return "PROVIDER_AUTH";
  if (status === 429) return "PROVIDER_RATE_LIMITED";
  if (status === 408) return "PROVIDER_TIMEOUT";
  if (status === 409 || status >= 500) return "PROVIDER_UNAVAILABLE";
  return "PROVIDER_REJECTED";
}
