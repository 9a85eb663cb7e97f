import type { ServerResponse } from "node:http";

/** An answer of the gateway itself. */
export interface GatewayError {
  readonly status: number;
  /** Stable word, also in the event. */
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs?: number;
}

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

const OPENAI_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
};

/**
 * Answers an error in the shape that the client's SDK reads.
 *
 * @param headers - further headers, names and values in turns
 * @param closes - whether the rest of the request is not wanted
 */
export function answerError(
  response: ServerResponse,
  path: string,
  error: GatewayError,
  headers: readonly string[],
  closes: boolean,
): void {
  const body = Buffer.from(JSON.stringify(path === "/v1/messages" ? anthropic(error) : openai(error)));
  const all = [...headers, "content-type", "application/json", "content-length", String(body.length)];
  if (error.retryAfterMs !== undefined) {
    all.push("retry-after", String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  }
  if (closes) all.push("connection", "close");
  response.writeHead(error.status, all);
  response.end(body);
}

function openai({ status, code, message }: GatewayError) {
  const type = status >= 500 ? "server_error" : (OPENAI_TYPES[status] ?? "invalid_request_error");
  return { error: { message, type, param: null, code } };
}

function anthropic({ status, message }: GatewayError) {
  const type = ANTHROPIC_TYPES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
  return { type: "error", error: { type, message } };
}
