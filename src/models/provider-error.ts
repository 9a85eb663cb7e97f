import { ProviderError, type ProviderErrorCode } from "../core/errors.js";
import { abortedError } from "./deadlines.js";
import { retryAfterMs } from "./retry-after.js";

type ErrorClass = abstract new (...args: never[]) => Error;

/** The error classes of an SDK that mean something to us. */
export interface SdkErrorClasses {
  readonly base: ErrorClass;
  readonly connection: ErrorClass;
  readonly connectionTimeout: ErrorClass;
  readonly userAbort: ErrorClass;
}

/** Where a call went; all that an error message may name. */
export interface CallPlace {
  readonly provider: string;
  readonly model: string;
  /** Base URL of the endpoint. */
  readonly baseUrl: string;
  /** Environment variable that holds the key. */
  readonly keyEnv: string;
  /** Current time, milliseconds since the epoch. */
  readonly now: () => number;
}

/** Names a place for messages, without credentials that a URL may carry. */
export function describePlace(place: CallPlace): string {
  return `${place.provider} model "${place.model}" at ${new URL(place.baseUrl).host}`;
}

/** A reply that is not what the protocol promises; the call may succeed when repeated. */
export function badResponse(
  place: CallPlace,
  detail: string,
  nextStep = "Check that model.base_url speaks this provider's protocol.",
): ProviderError {
  return new ProviderError("PROVIDER_BAD_RESPONSE", `${describePlace(place)} ${detail}`, {
    isRetryable: true,
    nextStep,
  });
}

/**
 * Turns whatever an SDK threw into a `ProviderError`. What a provider writes in an error body can quote the
 * prompt or part of the key, so only its status and its error type and code (plain identifiers) are kept, and
 * such an error is not kept as a cause either.
 *
 * @returns `error` itself when it comes from no provider: then it is a bug of ours
 */
export function toProviderError(place: CallPlace, sdk: SdkErrorClasses, error: unknown): unknown {
  if (error instanceof ProviderError) return error;
  if (error instanceof SyntaxError) return badResponse(place, "sent a body that is not JSON");
  if (error instanceof sdk.userAbort) return abortedError(describePlace(place));
  if (error instanceof sdk.connectionTimeout) {
    return new ProviderError("PROVIDER_TIMEOUT", `${describePlace(place)} did not answer in time`, {
      isRetryable: true,
    });
  }
  const systemCode = systemCodeOf(error);
  if (error instanceof sdk.connection || systemCode !== undefined) {
    const detail = systemCode === undefined ? "" : ` (${systemCode})`;
    return new ProviderError("PROVIDER_UNAVAILABLE", `${describePlace(place)}: connection failed${detail}`, {
      cause: error,
      isRetryable: true,
      nextStep: "Check that the endpoint is up and that model.base_url is right.",
    });
  }
  if (error instanceof sdk.base) return fromErrorBody(place, error as SdkApiError);
  return error;
}

interface SdkApiError {
  readonly status?: number | undefined;
  readonly headers?: Headers | undefined;
  readonly error?: unknown;
}

function fromErrorBody(place: CallPlace, error: SdkApiError): ProviderError {
  const kinds = errorKinds(error.error);
  const code = error.status === undefined ? codeOfKinds(kinds) : codeOfStatus(error.status);
  const outOfQuota = kinds.includes("insufficient_quota");
  const said = [error.status === undefined ? "an error in the stream" : `HTTP ${error.status}`, ...kinds];
  const wait = retryAfterMs((name) => error.headers?.get(name), place.now());
  const nextStep = outOfQuota ? "Check the plan and billing of this key." : nextStepFor(code, place);
  return new ProviderError(code, `${describePlace(place)} answered ${said.join(", ")}`, {
    isRetryable: isRetryableCode(code) && !outOfQuota,
    ...(nextStep === undefined ? {} : { nextStep }),
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** Whether a call that failed this way may succeed when it is made again. */
export function isRetryableCode(code: ProviderErrorCode): boolean {
  return RETRYABLE.has(code);
}

const RETRYABLE: ReadonlySet<ProviderErrorCode> = new Set([
  "PROVIDER_RATE_LIMITED",
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_TIMEOUT",
  "PROVIDER_BAD_RESPONSE",
]);

/** What an HTTP status of a provider means. */
export function codeOfStatus(status: number): ProviderErrorCode {
  if (status === 401 || status === 403) return "PROVIDER_AUTH";
  if (status === 429) return "PROVIDER_RATE_LIMITED";
  if (status === 408) return "PROVIDER_TIMEOUT";
  if (status === 409 || status >= 500) return "PROVIDER_UNAVAILABLE";
  if (status >= 400) return "PROVIDER_REJECTED";
  return "PROVIDER_BAD_RESPONSE";
}

/** An error inside a stream has no status: its type has to say what happened. */
function codeOfKinds(kinds: readonly string[]): ProviderErrorCode {
  const has = (pattern: RegExp) => kinds.some((kind) => pattern.test(kind));
  if (has(/rate_limit|insufficient_quota/)) return "PROVIDER_RATE_LIMITED";
  if (has(/authentication|permission|invalid_api_key/)) return "PROVIDER_AUTH";
  if (has(/invalid_request|not_found|BadRequest|context_length/)) return "PROVIDER_REJECTED";
  return "PROVIDER_UNAVAILABLE";
}

function nextStepFor(code: ProviderErrorCode, place: CallPlace): string | undefined {
  switch (code) {
    case "PROVIDER_AUTH":
      return `Check the key in the environment variable ${place.keyEnv} and what it may access.`;
    case "PROVIDER_REJECTED":
      return "Check model.name, model.base_url, the parameters and the tools of the agent file.";
    case "PROVIDER_RATE_LIMITED":
      return "Lower --max-concurrency, or raise model.max_retries.";
    default:
      return undefined;
  }
}

/** E.g. `max_tokens` or `messages[3].content`: names and positions, nothing that a user wrote. */
const FIELD_PATH = /^[a-z_]{1,40}(\.[a-z_]{1,40}|\.?\[\d{1,6}\])*$/;

/**
 * `type`, `code` and `param` (the field that was wrong) of an error body, wherever the dialect puts them, if they
 * are plain identifiers or paths.
 */
function errorKinds(body: unknown): string[] {
  const kinds = new Set<string>();
  for (let level: unknown = body, depth = 0; isRecord(level) && depth < 2; level = level.error, depth += 1) {
    for (const kind of [level.type, level.code]) {
      if (typeof kind === "string" && kind !== "error" && /^[A-Za-z][A-Za-z_]{0,48}$/.test(kind)) {
        kinds.add(kind);
      }
    }
    if (typeof level.param === "string" && FIELD_PATH.test(level.param)) {
      kinds.add(level.param);
    }
  }
  return [...kinds];
}

/** Code of a failed socket, DNS look-up or TLS handshake, looked for along the causes. */
function systemCodeOf(error: unknown): string | undefined {
  for (let level = error, depth = 0; level instanceof Error && depth < 5; level = level.cause, depth += 1) {
    const code = (level as { code?: unknown }).code;
    if (
      typeof code === "string" &&
      /^(UND_ERR_|E[A-Z]|CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|DEPTH_ZERO)/.test(code)
    )
      return code;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
