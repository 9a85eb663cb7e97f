import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface OpenaiServer {
  readonly baseUrl: string;
  /** Requests answered so far. */
  requests(): number;
  /** Text of the last request's body; empty before the first. */
  lastBody(): string;
  close(): Promise<void>;
}

/** An OpenAI-compatible server on loopback that answers every chat after a delay, with the same text unless told. */
export async function startOpenaiServer(options: {
  readonly delayMs: number;
  readonly text: string;
  /** Status to answer the n-th request (from 1) with; 200 when left out. */
  readonly statusOf?: (request: number) => number;
  /** Text for a request's body; `text` when left out. */
  readonly textOf?: (body: string) => string;
  /** What the reply to the n-th request (from 1) waits for besides; nothing when left out. */
  readonly waitOf?: (request: number) => Promise<void> | undefined;
}): Promise<OpenaiServer> {
  let requests = 0;
  let lastBody = "";
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests += 1;
      lastBody = Buffer.concat(chunks).toString("utf8");
      const status = options.statusOf?.(requests) ?? 200;
      const text = options.textOf?.(lastBody) ?? options.text;
      const reply = () => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(
          JSON.stringify(status === 200 ? completion(text) : { error: { message: "overloaded" } }),
        );
      };
      void Promise.resolve(options.waitOf?.(requests)).then(() => setTimeout(reply, options.delayMs));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: () => requests,
    lastBody: () => lastBody,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function completion(text: string) {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "test-model",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  };
}
