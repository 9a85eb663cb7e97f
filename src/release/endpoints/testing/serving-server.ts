import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ChatAnswer, type ChatBody, chatAnswer, delta, message, promptTokens } from "./chat-answer.js";
import { ServingQueue } from "./serving-queue.js";
import { vllmPage } from "./vllm-page.js";

/** What a server can be without, to see that it is noticed. */
export type Gap =
  | "tools"
  | "structured-output"
  | "stream-usage"
  | "done"
  | "metrics"
  | "max-model-len"
  | "logprobs"
  | "lora"
  | "lora-effect"
  | "lora-root"
  | "streaming";

export interface ServingOptions {
  readonly model?: string;
  /** From the place in the batch to the first token, milliseconds. */
  readonly ttftMs?: number;
  /** From token to token, milliseconds. */
  readonly gapMs?: number;
  /** Tokens of an answer. */
  readonly tokens?: number;
  /** Requests at once; more wait. */
  readonly places?: number;
  readonly contextTokens?: number;
  readonly gaps?: readonly Gap[];
  /** The n-th chat, from 1, begins so many milliseconds later. */
  readonly stall?: { readonly chat: number; readonly ms: number };
  /** Instead of `ttftMs`: of the n-th chat, from 1. */
  readonly ttftOf?: (chat: number) => number;
  /** Status of the n-th chat, from 1. */
  readonly statusOf?: (chat: number) => number;
  /** What somebody else does to the adapters, by name their path, before one is loaded or unloaded. */
  readonly beforeLoad?: (adapters: Map<string, string>) => void;
}

export interface ServingServer {
  readonly url: string;
  readonly queue: ServingQueue;
  /** Paths asked for, in order. */
  readonly paths: readonly string[];
  /** Names of the adapters that are loaded. */
  readonly adapters: ReadonlySet<string>;
  close(): Promise<void>;
}

const DEFAULTS = { model: "test-model", ttftMs: 0, gapMs: 0, tokens: 4, places: 1000, contextTokens: 4096 };

/** A server on loopback that behaves as vLLM does where we look: queue, token rate, metrics, adapters. No model. */
export async function startServingServer(options: ServingOptions = {}): Promise<ServingServer> {
  const settings = { ...DEFAULTS, ...options };
  const gaps = new Set<string>(options.gaps);
  const queue = new ServingQueue(settings.places);
  const ttftSeconds: number[] = [];
  const paths: string[] = [];
  const adapters = new Map<string, string>();
  let chats = 0;

  async function chat(body: ChatBody, response: ServerResponse): Promise<void> {
    chats += 1;
    const number = chats;
    const arrived = performance.now();
    const status = settings.statusOf?.(number) ?? 200;
    if (status !== 200) return sendJson(response, status, { error: { message: "overloaded" } });
    const prompt = promptTokens(body);
    if (prompt + (body.max_tokens ?? 0) > settings.contextTokens) {
      const error = `This model's maximum context length is ${settings.contextTokens} tokens. However, you requested ${prompt + (body.max_tokens ?? 0)} tokens.`;
      return sendJson(response, 400, { error: { message: error, type: "BadRequestError", code: 400 } });
    }
    const answer = chatAnswer(body, settings.tokens, gaps);
    await queue.enter();
    try {
      queue.counts.prompts += prompt;
      const started = performance.now() + (settings.stall?.chat === number ? settings.stall.ms : 0);
      const firstAt = started + (settings.ttftOf?.(number) ?? settings.ttftMs);
      await until(firstAt);
      ttftSeconds.push((performance.now() - arrived) / 1000);
      if (body.stream === true && !gaps.has("streaming")) {
        await streamAnswer(body, answer, response, firstAt, prompt);
      } else {
        await until(firstAt + settings.gapMs * (answer.pieces.length - 1));
        sendJson(response, 200, completion(body, answer, prompt));
      }
      queue.counts.tokens += answer.pieces.length;
    } finally {
      queue.leave();
    }
  }

  async function streamAnswer(
    body: ChatBody,
    answer: ChatAnswer,
    response: ServerResponse,
    firstAt: number,
    prompt: number,
  ): Promise<void> {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", server: "uvicorn" });
    const send = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\n\n`);
    const base = { id: "chat-1", object: "chat.completion.chunk", model: body.model };
    for (const [index, piece] of answer.pieces.entries()) {
      if (index > 0) await until(firstAt + settings.gapMs * index);
      if (response.destroyed) return;
      send({ ...base, choices: [{ index: 0, delta: delta(answer, piece, index), finish_reason: null }] });
    }
    send({
      ...base,
      choices: [{ index: 0, delta: {}, finish_reason: answer.tool === null ? "stop" : "tool_calls" }],
    });
    if (body.stream_options?.include_usage === true && !gaps.has("stream-usage")) {
      send({ ...base, choices: [], usage: usage(prompt, answer) });
    }
    response.end(gaps.has("done") ? "" : "data: [DONE]\n\n");
  }

  function completion(body: ChatBody, answer: ChatAnswer, prompt: number) {
    const logprobs =
      body.logprobs === true && !gaps.has("logprobs")
        ? { content: answer.pieces.map((token) => ({ token, logprob: -0.1, top_logprobs: [] })) }
        : null;
    const finish_reason = answer.tool === null ? "stop" : "tool_calls";
    const choices = [{ index: 0, message: message(answer), logprobs, finish_reason }];
    return {
      id: "chat-1",
      object: "chat.completion",
      model: body.model,
      choices,
      usage: usage(prompt, answer),
    };
  }

  function models() {
    const length = gaps.has("max-model-len") ? {} : { max_model_len: settings.contextTokens };
    const base = {
      id: settings.model,
      object: "model",
      owned_by: "vllm",
      root: settings.model,
      parent: null,
    };
    const loaded = [...adapters].map(([id, path]) => {
      const { root, ...untold } = { ...base, id, root: path, parent: settings.model };
      return gaps.has("lora-root") ? untold : { ...untold, root };
    });
    return { object: "list", data: [{ ...base, ...length }, ...loaded] };
  }

  function adapter(path: string, body: { lora_name?: string; lora_path?: string }, response: ServerResponse) {
    const name = body.lora_name ?? "";
    settings.beforeLoad?.(adapters);
    const isLoad = path.endsWith("load_lora_adapter") && !path.endsWith("unload_lora_adapter");
    if (isLoad === adapters.has(name)) {
      const problem = isLoad ? "has already been loaded" : "cannot be found";
      return sendJson(response, isLoad ? 400 : 404, {
        error: { message: `The lora adapter '${name}' ${problem}.` },
      });
    }
    if (gaps.has("lora-effect")) {
      // It says that it did, and does nothing.
    } else if (isLoad) adapters.set(name, body.lora_path ?? "");
    else adapters.delete(name);
    response
      .writeHead(200)
      .end(`Success: LoRA adapter '${name}' ${isLoad ? "added" : "removed"} successfully.`);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    paths.push(path);
    const body = await bodyOf(request);
    if (path === "/v1/chat/completions") return chat(body as ChatBody, response);
    if (path === "/v1/models") return sendJson(response, 200, models());
    if (path === "/version") return sendJson(response, 200, { version: "0.0.0-test" });
    if (path.endsWith("load_lora_adapter") && !gaps.has("lora"))
      return adapter(path, body as object, response);
    if (path === "/metrics" && !gaps.has("metrics")) {
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
      response.end(vllmPage(queue, { model: settings.model, ttftSeconds }));
      return;
    }
    sendJson(response, 404, { detail: "Not Found" });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    queue,
    paths,
    get adapters() {
      return new Set(adapters.keys());
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function usage(prompt: number, { pieces }: ChatAnswer) {
  return { prompt_tokens: prompt, completion_tokens: pieces.length, total_tokens: prompt + pieces.length };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", server: "uvicorn" });
  response.end(JSON.stringify(value));
}

/** Waits for a moment of the monotonic clock; not at all when it has passed. */
function until(moment: number): Promise<void> | undefined {
  const left = moment - performance.now();
  return left <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, left));
}
