import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface JudgeServer {
  readonly baseUrl: string;
  /** Requests so far. */
  requests(): number;
  /** Most requests that were open at once. */
  mostOpen(): number;
  close(): Promise<void>;
}

interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/**
 * An OpenAI-compatible server on loopback whose replies are made from the messages.
 *
 * @param replyTo - text of the reply, or an HTTP status to fail with
 */
export async function startJudgeServer(
  replyTo: (messages: readonly ChatMessage[], request: number) => string | number,
  delayMs = 1,
): Promise<JudgeServer> {
  let [requests, open, mostOpen] = [0, 0, 0];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests += 1;
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      const { messages } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { messages: ChatMessage[] };
      const reply = replyTo(messages, requests);
      setTimeout(() => {
        open -= 1;
        if (typeof reply === "number") {
          response.writeHead(reply, { "content-type": "application/json" });
          response.end(JSON.stringify({ error: { message: "no" } }));
          return;
        }
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (const part of streamed(reply)) response.write(`data: ${part}\n\n`);
        response.end("data: [DONE]\n\n");
      }, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: () => requests,
    mostOpen: () => mostOpen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function streamed(text: string): readonly string[] {
  const base = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-4.1" };
  const chunk = (choices: readonly object[], usage?: object) => JSON.stringify({ ...base, choices, usage });
  return [
    chunk([{ index: 0, delta: { role: "assistant", content: text }, finish_reason: null }]),
    chunk([{ index: 0, delta: {}, finish_reason: "stop" }]),
    chunk([], { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 }),
  ];
}
