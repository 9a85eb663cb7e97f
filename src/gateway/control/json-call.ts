import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import { ControlError } from "./control-error.js";

const MOST_BYTES = 64 * 1024;

/**
 * Reads the JSON body of a call.
 *
 * @throws {ControlError} when it is too large, no JSON or not what the schema wants; names the fields, not their values
 */
export async function readJson<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.output<Schema>> {
  refuseLarge(Number(request.headers["content-length"] ?? 0));
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    refuseLarge(bytes);
    chunks.push(chunk);
  }
  const result = schema.safeParse(parsed(Buffer.concat(chunks).toString("utf8")));
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  throw new ControlError(
    400,
    "invalid_request",
    fields.join("; "),
    "see the table of calls in docs/gateway.md",
  );
}

function refuseLarge(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new ControlError(413, "too_large", `expected at most ${MOST_BYTES} bytes`, "send less");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch {
    throw new ControlError(400, "invalid_json", "the body is no JSON", "send one JSON object");
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(response, status, `${JSON.stringify(body)}\n`, { "content-type": "application/json", ...headers });
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** Answers with what went wrong. What was not foreseen is told by its kind alone: its message may hold anything. */
export function sendFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const failure =
    error instanceof ControlError
      ? error
      : new ControlError(500, "internal", `failed: ${kindOf(error)}`, "see the log of the gateway");
  const { status, code, message, nextStep } = failure;
  // What was not read of the request would be taken for the next one.
  sendJson(response, status, { error: { code, message, nextStep } }, { connection: "close" });
}

function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
