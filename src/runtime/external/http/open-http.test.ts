import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { httpAgentSchema } from "../../../config/agent/external/http-schema.js";
import { systemClock } from "../../../core/clock.js";
import type { ConfigError, ProviderError } from "../../../core/errors.js";
import { ANONYMOUS } from "../../../core/identity.js";
import type { RetryNotice } from "../../../models/model.js";
import type { ExternalMessage, ExternalReply } from "../external-agent.js";
import { openHttp } from "./open-http.js";

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  readonly path: string | undefined;
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Answer = (response: ServerResponse, request: number) => void;

async function serving(answer: Answer): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body: unknown = JSON.parse(Buffer.concat(pieces).toString("utf8"));
      received.push({ headers: request.headers, body, path: request.url });
      answer(response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/talk`, received };
}

const json =
  (value: unknown, status = 200, headers = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
  };

const MAPPED = { request: { said: "{{message}}" }, response: { text: "text" } };

async function agentAt(url: string, block: object = MAPPED, env = {}) {
  const config = httpAgentSchema.parse({ kind: "http", name: "desk", url, ...block });
  return openHttp(config, { file: "agents/desk.yaml", folder: "/", env, clock: systemClock, secrets: [] });
}

interface Talked {
  readonly replies: readonly ExternalReply[];
  readonly pieces: readonly string[];
  readonly retries: readonly RetryNotice[];
}

async function talk(
  url: string,
  block: object,
  said: readonly Partial<ExternalMessage>[],
  env = {},
): Promise<Talked> {
  const agent = await agentAt(url, block, env);
  const session = agent.open({
    conversationId: "case-1/0",
    caseId: "case-1",
    trial: 0,
    identity: { ...ANONYMOUS, tenantId: "acme", userId: null },
    tools: [],
    note: null,
    setNote: () => {},
  });
  const replies: ExternalReply[] = [];
  const pieces: string[] = [];
  const retries: RetryNotice[] = [];
  for (const one of said) {
    const message = { kind: "message", text: "hello", results: [], messages: [], ...one } as const;
    replies.push(
      await session.exchange(message, {
        signal: new AbortController().signal,
        onText: (piece) => pieces.push(piece),
        onRetry: (notice) => retries.push(notice),
      }),
    );
  }
  await agent.close();
  return { replies, pieces, retries };
}

async function failureOf(url: string, block: object): Promise<ProviderError> {
  return talk(url, block, [{}]).then(
    () => expect.fail("expected a failure"),
    (error: unknown) => error as ProviderError,
  );
}

describe("requests", () => {
  it("hold what was said as values, whatever it looks like", async () => {
    const { url, received } = await serving(json({ text: "ok" }));
    const text = '"}, "admin": true, {{tenant}} \\ \n$& $1 $$';
    const request = {
      said: "{{message}}",
      within: "user said: {{ message }}, tenant {{tenant}}",
      messages: "{{messages}}",
      nobody: "{{user}}",
      nested: [{ trial: "{{trial}}", case: "{{case_id}}" }],
      plain: 7,
    };
    const messages = [{ role: "user", content: text }] as const;
    await talk(url, { request, response: { text: "text" } }, [{ text, messages }]);
    expect(received[0]?.body).toEqual({
      said: text,
      within: `user said: ${text}, tenant acme`,
      messages: [{ role: "user", content: text }],
      nobody: null,
      nested: [{ trial: 0, case: "case-1" }],
      plain: 7,
    });
  });

  it("carry the session that the server named, or one of ours", async () => {
    const block = { request: { said: "{{message}}", session: "{{session_id}}" }, response: { text: "text" } };
    const named = await serving((response, request) =>
      json({ text: "ok", id: `s-${request}` })(response, request),
    );
    const response = { ...block.response, session_id: "id" };
    await talk(named.url, { ...block, response }, [{}, {}]);
    expect(named.received.map(({ body }) => body)).toEqual([
      { said: "hello", session: null },
      { said: "hello", session: "s-1" },
    ]);
    const ours = await serving(json({ text: "ok" }));
    await talk(ours.url, block, [{}, {}]);
    await talk(ours.url, block, [{}]);
    const [first, second, other] = ours.received.map(({ body }) => (body as { session: string }).session);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it("carry headers with variables, and the trace context", async () => {
    const { url, received } = await serving(json({ text: "ok" }));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    const headers = { Authorization: "Bearer ${env:KEY}" };
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await talk(url, { ...MAPPED, headers }, [{ traceparent }], { KEY: " sk-1234567890\n" });
    expect(received[0]?.headers).toMatchObject({ authorization: "Bearer sk-1234567890", traceparent });
  });
});

describe("responses", () => {
  it("are read by the expressions of the file", async () => {
    const { url } = await serving(
      json({
        reply: [{ says: "hi" }],
        did: [{ function: { name: "find", arguments: '{"id":1}' } }],
        read: [{ query: "q", documents: [{ id: "a", score: 0.5 }, "b"] }],
        thought: ["first", { text: "then", confidence: 0.25 }],
        tokens: { prompt_tokens: 3, completion_tokens: 2 },
        usd: 0.01,
        llm: "m-1",
      }),
    );
    const { replies } = await talk(
      url,
      {
        ...MAPPED,
        response: {
          text: "reply[0].says",
          tool_calls: "did",
          retrievals: "read",
          reasoning: "thought",
          usage: "tokens",
          cost_usd: "usd",
          model: "llm",
          error: "failure",
        },
      },
      [{}],
    );
    expect(replies[0]).toMatchObject({
      text: "hi",
      usage: { inputTokens: 3, outputTokens: 2 },
      costUsd: 0.01,
      model: "m-1",
      isEscalated: false,
      says: { tools: true, retrievals: true, modelCalls: false },
    });
    expect(replies[0]?.steps).toEqual([
      { kind: "reasoning", text: "first", confidence: null, alternatives: [] },
      { kind: "reasoning", text: "then", confidence: 0.25, alternatives: [] },
      {
        kind: "retrieval",
        query: "q",
        chunks: [
          { documentId: "a", score: 0.5 },
          { documentId: "b", score: 0.5 },
        ],
        durationMs: null,
      },
      { kind: "tool", name: "find", arguments: { id: 1 }, result: null, isError: false, durationMs: null },
    ]);
  });

  it.each(["sse", "json_lines"] as const)("stream as %s, wherever pieces are cut", async (format) => {
    const events = [
      { piece: "Grüße, " },
      { piece: "🌍!" },
      { usage: { input_tokens: 1, output_tokens: 2 } },
      { end: true },
    ];
    const body = events
      .map((event) =>
        format === "sse" ? `: ping\r\ndata: ${JSON.stringify(event)}\r\n\r\n` : `${JSON.stringify(event)}\n`,
      )
      .join("");
    const { url } = await serving((response) => {
      response.writeHead(200);
      for (const byte of Buffer.from(body)) response.write(Buffer.from([byte]));
      response.end();
    });
    const stream = { format, delta: "piece", done: "end" };
    const { replies, pieces } = await talk(
      url,
      { request: MAPPED.request, response: { usage: "usage" }, stream },
      [{}],
    );
    expect(replies[0]).toMatchObject({ text: "Grüße, 🌍!", usage: { inputTokens: 1, outputTokens: 2 } });
    expect(pieces.filter((piece) => piece !== "")).toEqual(["Grüße, ", "🌍!"]);
  });

  it("keep their words to themselves when they are refusals", async () => {
    const { url } = await serving(json({ detail: "you said: my password is hunter2" }, 422));
    const error = await failureOf(url, MAPPED);
    expect(error).toMatchObject({ code: "PROVIDER_REJECTED", status: 422 });
    expect(error.message).not.toContain("hunter2");
    expect(error.message).toContain("agent desk at 127.0.0.1:");
  });
});

describe("redirects", () => {
  it("are followed within the origin, with method and body", async () => {
    const { url, received } = await serving((response, request) =>
      json(
        { text: "ok" },
        request === 1 ? 308 : 200,
        request === 1 ? { location: "/moved" } : {},
      )(response, request),
    );
    expect((await talk(url, MAPPED, [{}])).replies[0]?.text).toBe("ok");
    expect(received.map(({ path }) => path)).toEqual(["/talk", "/moved"]);
    expect(received[1]?.body).toEqual({ said: "hello" });
  });

  it("are refused to another origin, which hears nothing", async () => {
    const other = await serving(json({ text: "stolen" }));
    for (const status of [301, 302, 303, 307, 308]) {
      const { url } = await serving(json({}, status, { location: other.url }));
      expect(await failureOf(url, MAPPED)).toMatchObject({ code: "PROVIDER_REJECTED", status });
    }
    expect(other.received).toEqual([]);
  });

  it("end when they go round in a circle", async () => {
    const { url, received } = await serving(json({}, 307, { location: "/talk" }));
    expect(await failureOf(url, MAPPED)).toMatchObject({ code: "PROVIDER_REJECTED" });
    expect(received).toHaveLength(4);
  });
});

describe("retries", () => {
  const busyAtFirst: Answer = (response, request) =>
    json({ text: "ok" }, request < 3 ? 503 : 200, { "retry-after": "0" })(response, request);

  it("are made only where the file says that this is safe", async () => {
    const { url, received } = await serving(busyAtFirst);
    expect(await failureOf(url, MAPPED)).toMatchObject({ code: "PROVIDER_UNAVAILABLE", status: 503 });
    expect(received).toHaveLength(1);
  });

  it("are told of, and give up in the end", async () => {
    const { url } = await serving(busyAtFirst);
    const safe = { ...MAPPED, retry: { safe: true, max: 2 } };
    const { replies, retries } = await talk(url, safe, [{}]);
    expect(replies[0]?.text).toBe("ok");
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 2]);
    const never = await serving(json({}, 503));
    await failureOf(never.url, { ...MAPPED, retry: { safe: true, max: 1 } });
    expect(never.received).toHaveLength(2);
  });

  it("are not made once a piece of the answer was shown", async () => {
    const { url, received } = await serving((response) => {
      response.writeHead(200).write('{"piece":"half"}\n');
      setTimeout(() => response.destroy(), 20);
    });
    const stream = { format: "json_lines", delta: "piece", done: "end" };
    await failureOf(url, { request: MAPPED.request, stream, retry: { safe: true } });
    expect(received).toHaveLength(1);
  });
});

describe("time limits", () => {
  const waits: readonly (readonly [string, Answer])[] = [
    ["first_byte_ms", () => {}],
    ["idle_ms", (response) => void response.writeHead(200).write("{")],
    [
      "total_ms",
      (response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(timer));
      },
    ],
  ];

  it.each(waits)("%s", async (key, answer) => {
    const { url } = await serving(answer);
    const error = await failureOf(url, { ...MAPPED, timeouts: { [key]: 150 } });
    expect(error).toMatchObject({ code: "PROVIDER_TIMEOUT", isRetryable: true });
    expect(error.nextStep).toContain(`timeouts.${key}`);
  });
});

describe("an agent file", () => {
  it("is refused with everything that cannot work", async () => {
    const block = {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
      headers: { "X-Key": "${env:MISSING_KEY}" },
      request: { said: "{{mesage}}" },
      response: { text: "text", usage: "a[" },
    };
    const error = await agentAt("http://127.0.0.1:1/", block).then(
      () => expect.fail("expected a failure"),
      (cause: unknown) => cause as ConfigError,
    );
    expect(error.problems.map(({ message }) => message.split(";")[0])).toEqual([
      "headers.X-Key: expected the environment variable MISSING_KEY to be set",
      expect.stringContaining("response.usage: `a[` is no JMESPath"),
      expect.stringContaining("unknown placeholder {{mesage}}"),
      expect.stringContaining("expected {{message}} or {{messages}}"),
    ]);
  });

  it.each([
    ["wants `preset: openai`, or", {}],
    ["wants `model` beside the preset", { preset: "openai" }],
    ["not both", { preset: "openai", model: "m", request: {} }],
    ["wants `response.text`", { request: {}, response: {} }],
    ["cannot ask for tool calls", { ...MAPPED, environment: "orders" }],
    ["without user name", { ...MAPPED, url: "http://me:secret@host/" }],
    ["http or https", { ...MAPPED, url: "file:///etc/passwd" }],
  ])("is refused: %s", (message, block) => {
    const read = httpAgentSchema.safeParse({
      kind: "http",
      name: "desk",
      url: "http://127.0.0.1:1/",
      ...block,
    });
    expect(JSON.stringify(read.error?.issues)).toContain(message);
  });
});
