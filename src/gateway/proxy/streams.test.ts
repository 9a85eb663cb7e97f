import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { doneTokens, startTestGateway, type TestGateway } from "./testing/test-gateway.js";
import { chatAnswer, Upstream } from "./testing/upstream.js";

let stable: Upstream;
let test: TestGateway;

beforeEach(async () => {
  stable = await Upstream.start(chatAnswer("stable"));
});

afterEach(async () => {
  await test.close();
  await stable.close();
});

const post = (signal: AbortSignal | null = null) =>
  fetch(`${test.origin}/v1/chat/completions`, { method: "POST", body: '{"stream":true}', signal });

/** Opens a stream whose further pieces the test sends. */
function openStream(): Promise<ServerResponse> {
  return new Promise((resolve) => {
    stable.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      resolve(response);
    };
  });
}

const piece = (content: string) => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
const END =
  'data: {"model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}\n\ndata: [DONE]\n\n';

const payloadOf = async () => (await test.sink.count(1))[0]?.payload;

describe("a stream", () => {
  it("passes piece by piece, with its head before its first piece", async () => {
    test = await startTestGateway({ stable: stable.url });
    const opened = openStream();
    const answer = await post();
    const server = await opened;
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    const reader = answer.body?.getReader();
    for (const text of [piece("a"), piece("b"), ": ping\n\n"]) {
      server.write(text);
      const read = await reader?.read();
      expect(Buffer.from(read?.value ?? []).toString()).toBe(text);
    }
    server.end(END);
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(END);
    expect(await reader?.read()).toMatchObject({ done: true });
    expect(await payloadOf()).toMatchObject({
      streamed: true,
      ok: true,
      failure: null,
      finishReason: "stop",
      model: "m-1",
      usage: { inputTokens: 5, outputTokens: 2 },
    });
  });

  it("is timed to its first piece of text, not to its first byte", async () => {
    test = await startTestGateway({ stable: stable.url });
    const opened = openStream();
    const answer = await post();
    const server = await opened;
    const reader = answer.body?.getReader();
    server.write('data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n');
    await reader?.read();
    await new Promise((resolve) => setTimeout(resolve, 60));
    server.write(piece("a"));
    await reader?.read();
    server.end(END);
    while ((await reader?.read())?.done === false);
    const payload = await payloadOf();
    expect(payload?.firstTokenMs).toBeGreaterThan(55);
    expect(payload?.firstTokenMs).toBeLessThanOrEqual(payload?.latencyMs ?? 0);
  });

  it("that is cut is cut for the client, and told", async () => {
    test = await startTestGateway({ stable: stable.url });
    const opened = openStream();
    const answer = await post();
    const server = await opened;
    server.write(piece("a"));
    const reader = answer.body?.getReader();
    await reader?.read();
    server.destroy();
    await expect(reader?.read()).rejects.toThrow("terminated");
    expect(await payloadOf()).toMatchObject({ ok: false, failure: "cut", status: 200, finishReason: null });
  });

  it("that falls silent is cut", async () => {
    test = await startTestGateway({ stable: stable.url, settings: { timeouts: { idle: "0.1s" } } });
    const opened = openStream();
    const answer = await post();
    (await opened).write(piece("a"));
    await expect(answer.text()).rejects.toThrow("terminated");
    expect(await payloadOf()).toMatchObject({ ok: false, failure: "idle_timeout" });
  });

  it("that takes too long is cut", async () => {
    test = await startTestGateway({ stable: stable.url, settings: { timeouts: { total: "0.15s" } } });
    const opened = openStream();
    const answer = await post();
    const server = await opened;
    const talk = setInterval(() => server.write(piece("a")), 10);
    await expect(answer.text()).rejects.toThrow("terminated");
    clearInterval(talk);
    expect(await payloadOf()).toMatchObject({ ok: false, failure: "total_timeout" });
  });

  it.each([
    [
      "an error behind a 200",
      'data: {"error":{"message":"out of memory"}}\n\ndata: [DONE]\n\n',
      "stream_error",
    ],
    ["no end", piece("b"), "incomplete"],
  ])("with %s is the arm's failure", async (_, rest, failure) => {
    test = await startTestGateway({ stable: stable.url });
    const opened = openStream();
    const answer = await post();
    (await opened).end(piece("a") + rest);
    expect(await answer.text()).toBe(piece("a") + rest);
    expect(await payloadOf()).toMatchObject({ ok: false, failure, status: 200 });
  });

  it("whose client goes away is given up upstream, and is no failure of the arm", async () => {
    test = await startTestGateway({ stable: stable.url });
    const opened = openStream();
    const leaving = new AbortController();
    const answer = await post(leaving.signal);
    (await opened).write(piece("a"));
    await answer.body?.getReader().read();
    leaving.abort();
    expect(await payloadOf()).toMatchObject({ ok: true, failure: "client_gone", status: 200 });
    await expect.poll(() => stable.cutOff, { interval: 10, timeout: 5_000 }).toBe(1);
    expect(test.gateway.dataPlane.arms()[0]).toMatchObject({ inFlight: 0, errors: 0, breaker: "closed" });
  });

  it("whose client goes away before an answer has status 0", async () => {
    const asked = new Promise<void>((resolve) => {
      stable.answer = () => resolve();
    });
    test = await startTestGateway({ stable: stable.url });
    const leaving = new AbortController();
    const answer = post(leaving.signal);
    await asked;
    leaving.abort();
    await expect(answer).rejects.toThrow();
    expect(await payloadOf()).toMatchObject({ ok: true, failure: "client_gone", status: 0 });
  });

  it("counts about as many tokens as pieces when it does not say how many there were", async () => {
    test = await startTestGateway({ stable: stable.url });
    const opened = openStream();
    const answer = await post();
    (await opened).end(`${piece("a").repeat(10)}data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n`);
    await answer.text();
    expect(await payloadOf()).toMatchObject({ usage: null, costUsd: null, finishReason: "stop" });
    expect(doneTokens.at(-1)).toBe(10 + Math.ceil('{"stream":true}'.length / 4));
  });
});

describe("a client that reads slowly", () => {
  it("holds the arm back instead of filling the gateway's memory", async () => {
    const block = Buffer.alloc(64 * 1024, 0x61);
    let sent = 0;
    stable.answer = (response) => {
      response.writeHead(200, { "content-type": "application/octet-stream" });
      const more = () => {
        while (sent < 400 * block.length) {
          sent += block.length;
          if (!response.write(block)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    };
    test = await startTestGateway({ stable: stable.url });
    const answer = await new Promise<IncomingMessage>((resolve) => {
      const request: ClientRequest = httpRequest(`${test.origin}/v1/responses`, { method: "POST" }, resolve);
      request.end("{}");
    });
    answer.pause();
    let before = -1;
    await expect
      .poll(
        () => {
          const isStill = sent === before && sent > 0;
          before = sent;
          return isStill;
        },
        { interval: 50, timeout: 5_000 },
      )
      .toBe(true);
    expect(sent).toBeLessThan(200 * block.length);
    let received = 0;
    for await (const part of answer) received += (part as Buffer).length;
    expect(received).toBe(400 * block.length);
  });
});
