import { CodeHostError } from "../../core/errors.js";
import { pooledFetch } from "../../models/http-pool.js";

const TIMEOUT_MS = 15_000;
const MAX_SAID_CHARACTERS = 300;

/** How a code host is spoken to. */
export interface HostConnection {
  /** Base of the REST API, without a slash at its end. */
  readonly apiUrl: string;
  readonly token: string;
  /** Headers of every request, with the token. */
  readonly headers: { readonly [name: string]: string };
}

/**
 * One request to the REST API of a code host.
 *
 * @param path - below the base, with its query
 * @returns the JSON of the reply
 * @throws {CodeHostError} for every status but 2xx, a reply that is no JSON, and a connection that fails
 */
export async function hostRequest(
  { apiUrl, token, headers }: HostConnection,
  method: "GET" | "POST" | "PATCH" | "PUT",
  path: string,
  body?: object,
): Promise<unknown> {
  const what = `${method} ${path.split("?")[0]}`;
  let status: number;
  let text: string;
  let retryAfterMs: number | null;
  try {
    const response = await pooledFetch(`${apiUrl}${path}`, {
      method,
      headers: { "user-agent": "agentctl", "content-type": "application/json", ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      // A token must not follow to another host.
      redirect: "error",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    status = response.status;
    retryAfterMs = retryAfterOf(response.headers);
    text = await response.text();
  } catch (cause) {
    const reason = cause instanceof Error ? causeOf(cause) : "no connection";
    throw new CodeHostError(`${what}: ${reason.replaceAll(token, "***")}`, { isRetryable: true });
  }
  if (status < 200 || status > 299) {
    throw new CodeHostError(`${what}: status ${status}${said(text, token)}`, {
      status,
      isRetryable: status >= 500 || status === 429 || (status === 403 && retryAfterMs !== null),
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new CodeHostError(`${what}: status ${status} without JSON`, { status });
  }
}

/** Of undici's `fetch failed` only the cause says anything. */
function causeOf(error: Error): string {
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_MS / 1000} s`;
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}

function retryAfterOf(headers: Headers): number | null {
  const value = headers.get("retry-after") ?? "";
  return /^\d+$/.test(value) ? Number(value) * 1000 : null;
}

function said(text: string, token: string): string {
  let message: unknown;
  try {
    message = (JSON.parse(text) as { readonly message?: unknown } | null)?.message;
  } catch {
    return "";
  }
  if (typeof message !== "string") return "";
  return ` (${message.replaceAll(token, "***").replaceAll(/\s+/g, " ").slice(0, MAX_SAID_CHARACTERS)})`;
}
