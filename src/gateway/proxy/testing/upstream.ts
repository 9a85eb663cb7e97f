import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What a model server of a test was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answers the n-th request, from 1. */
export type Answer = (response: ServerResponse, asked: Asked, count: number) => void;

/** A model server on loopback that answers as a test says. */
export class Upstream {
  readonly asked: Asked[] = [];
  readonly url: string;
  /** Answers that were cut off because the other side went away. */
  cutOff = 0;
  answer: Answer;
  readonly #server: Server;

  private constructor(server: Server, answer: Answer) {
    this.#server = server;
    this.answer = answer;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => this.#take(request, response));
  }

  static async start(answer: Answer, port = 0): Promise<Upstream> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return new Upstream(server, answer);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const asked = { method, url, headers, body: Buffer.concat(pieces) };
      this.asked.push(asked);
      response.on("close", () => {
        if (!response.writableFinished) this.cutOff += 1;
      });
      this.answer(response, asked, this.asked.length);
    });
  }
}

/** Answers a whole chat completion with usage. */
export function chatAnswer(text: string): Answer {
  return (response) => {
    const body = JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model: "test-model-1",
      choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
      usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
    });
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  };
}

/** Answers an error with a status. */
export function statusAnswer(status: number): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: "overloaded" } }));
  };
}
