import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { ProviderError } from "../../../core/errors.js";
import { UnknownOutcomeError } from "../tool.js";

export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | null;
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal;
}

export interface ReceivedResponse {
  readonly status: number;
  readonly body: string;
}

/**
 * Sends one request over a connection of its own. No redirect is followed.
 *
 * @throws {ProviderError} when no connection came about, so that nothing can have happened
 * @throws {UnknownOutcomeError} when it broke off after that, or was aborted
 */
export function sendRequest(sent: SentRequest): Promise<ReceivedResponse> {
  const { url, body, signal } = sent;
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const outgoing = send(url, {
      method: sent.method,
      headers: {
        accept: "application/json",
        "user-agent": "agentctl",
        ...sent.headers,
        ...(body === null
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      },
      // A kept connection that the server is about to close would leave the outcome unknown without need.
      agent: false,
      signal,
    });
    const fail = (error: Error) => {
      const reason = "code" in error ? String(error.code) : error.message;
      reject(
        isConnected
          ? new UnknownOutcomeError(`the connection to ${url.host} broke off (${reason})`, { cause: error })
          : new ProviderError("PROVIDER_UNAVAILABLE", `${url.host} cannot be reached (${reason})`, {
              cause: error,
              isRetryable: true,
            }),
      );
    };
    outgoing.on("socket", (socket) => {
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
        isConnected = true;
      });
    });
    outgoing.on("error", fail);
    outgoing.on("response", (response) => {
      readBody(response, sent.maxResponseBytes).then(
        (text) => resolve({ status: response.statusCode ?? 0, body: text }),
        fail,
      );
    });
    outgoing.end(body ?? undefined);
  });
}

async function readBody(response: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      throw new Error(`the response is longer than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
