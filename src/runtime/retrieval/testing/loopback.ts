import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RetrievalEndpoint } from "../ranking/endpoint.js";

/** One answer of a server; the text is sent as it is. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
  /** Milliseconds before the answer. */
  readonly delayMs?: number;
}

export interface Loopback {
  readonly url: string;
  /** Bodies and headers received. */
  readonly requests: {
    readonly body: Record<string, unknown>;
    readonly headers: IncomingMessage["headers"];
  }[];
  close(): Promise<void>;
}

/** A server on loopback that answers each request by a function of its body and its number, from 0. */
export async function serve(
  answer: (body: Record<string, unknown>, number: number, path: string) => Answer,
): Promise<Loopback> {
  const requests: Loopback["requests"] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
      requests.push({ body, headers: request.headers });
      const given = answer(body, requests.length - 1, request.url ?? "");
      setTimeout(() => send(response, given), given.delayMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function send(response: ServerResponse, { status = 200, headers = {}, body, text }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(text ?? JSON.stringify(body ?? {}));
}

/** An endpoint without waits between attempts. */
export function endpointAt(url: string, more: Partial<RetrievalEndpoint> = {}): RetrievalEndpoint {
  return {
    url,
    model: "test-model",
    apiKey: null,
    keyEnv: "TEST_KEY",
    timeoutMs: 5000,
    retry: { maxRetries: 2, random: () => 0, sleep: async () => {} },
    now: () => 0,
    ...more,
  };
}
