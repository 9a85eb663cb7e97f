import { request as httpRequest } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { explicitPricer } from "../../models/price.js";
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

const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(test.origin + path, { method: "POST", headers, body });

describe("a request", () => {
  it("reaches the arm byte for byte, at its path, with its query", async () => {
    test = await startTestGateway({ stable: `${stable.url}/base/v1/` });
    const body = Buffer.from('{ "model" : "m",\n\t"n": 12345678901234567890, "s": "ü\\u00fc", "model": "n"}');
    await post("/v1/chat/completions?api-version=2", body, { "content-type": "application/json; x=1" });
    const [asked] = stable.asked;
    expect(asked?.body).toEqual(body);
    expect(asked?.url).toBe("/base/v1/chat/completions?api-version=2");
    expect(asked?.headers["content-type"]).toBe("application/json; x=1");
  });

  it("keeps its own headers, and loses those of the connection, its key, its cookies and the gateway's", async () => {
    const secrets = { armKeys: { stable: "arm-key", canary: null } };
    test = await startTestGateway({ stable: stable.url, secrets });
    await post("/v1/chat/completions", "{}", {
      authorization: "Bearer client-key",
      "x-api-key": "client-key",
      cookie: "a=b",
      "x-agentctl-arm": "canary",
      "openai-organization": "org",
      "x-request-id": "mine",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      te: "trailers",
    });
    const headers = stable.asked[0]?.headers;
    expect(headers).toMatchObject({
      authorization: "Bearer arm-key",
      "openai-organization": "org",
      "x-request-id": "mine",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "accept-encoding": "identity",
    });
    for (const name of ["x-api-key", "cookie", "x-agentctl-arm", "te"])
      expect(headers).not.toHaveProperty(name);
    expect((await test.sink.count(1))[0]?.trace_id).toBe("0af7651916cd43dd8448eb211c80319c");
  });

  it("shows Anthropic's arm its key as Anthropic wants it", async () => {
    const secrets = { armKeys: { stable: "arm-key", canary: null } };
    test = await startTestGateway({ stable: stable.url, secrets });
    await post("/v1/messages", "{}", { "x-api-key": "client", "anthropic-version": "2023-06-01" });
    expect(stable.asked[0]?.headers).toMatchObject({
      "x-api-key": "arm-key",
      "anthropic-version": "2023-06-01",
    });
    expect(stable.asked[0]?.headers).not.toHaveProperty("authorization");
  });

  it("asks for the configured model, and for nothing else than was asked", async () => {
    test = await startTestGateway({ stable: stable.url, arms: { stable: { model: 'my "own"' } } });
    await post("/v1/responses", '{"n": 12345678901234567890,"model" : "gpt-x", "input":{"model":"gpt-x"}}');
    expect(stable.asked[0]?.body.toString()).toBe(
      '{"n": 12345678901234567890,"model" : "my \\"own\\"", "input":{"model":"gpt-x"}}',
    );
  });

  it.each([
    ["GET", "/v1/models", 200],
    ["GET", "/v1/models/m", 200],
    ["POST", "/v1/embeddings", 200],
    ["POST", "/v1/completions", 200],
    ["GET", "/v1/chat/completions", 404],
    ["POST", "/v1/models", 404],
    ["POST", "/v1/chat/completions/", 404],
    ["DELETE", "/v1/responses/r", 404],
  ])("%s %s is answered %i", async (method, path, status) => {
    test = await startTestGateway({ stable: stable.url });
    const answer = await fetch(test.origin + path, { method, ...(method === "POST" ? { body: "{}" } : {}) });
    expect(answer.status).toBe(status);
    if (status === 404) {
      expect(await answer.json()).toMatchObject({
        error: { type: "invalid_request_error", code: "not_found", param: null },
      });
    }
  });

  it("is refused when its body grows too large, though nobody announced how large it is", async () => {
    test = await startTestGateway({ stable: stable.url, settings: { limits: { request_bytes: 1000 } } });
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${test.origin}/v1/responses`, { method: "POST" });
      request.on("response", (response) => resolve(response.statusCode));
      request.on("error", reject);
      request.write("x".repeat(600));
      request.write("x".repeat(600));
    });
    expect(status).toBe(413);
    expect(stable.asked).toEqual([]);
  });

  it("of 15 MB is passed on", async () => {
    test = await startTestGateway({ stable: stable.url });
    const body = JSON.stringify({ model: "m", input: "ü".repeat(7_500_000) });
    expect((await post("/v1/responses", body)).status).toBe(200);
    expect(stable.asked[0]?.body.equals(Buffer.from(body))).toBe(true);
  });
});

describe("an answer", () => {
  it("comes back byte for byte with its status and headers, without those of the connection", async () => {
    stable.answer = (response) => {
      response.writeHead(429, [
        ...["x-hop", "1", "connection", "keep-alive, x-hop", "x-agentctl-arm", "forged"],
        ...["retry-after", "7", "set-cookie", "a=1", "set-cookie", "b=2", "x-odd", "\u00fc"],
      ]);
      response.end(Buffer.from([0xff, 0x00, 0x80]));
    };
    test = await startTestGateway({ stable: stable.url });
    const answer = await post("/v1/chat/completions", "{}");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.get("x-odd")).toBe("\u00fc");
    expect(answer.headers.get("x-hop")).toBeNull();
    expect(answer.headers.get("x-agentctl-arm")).toBe("stable");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([0xff, 0x00, 0x80]));
    expect((await test.sink.count(1))[0]?.payload).toMatchObject({ status: 429, ok: true, failure: null });
  });

  it("is priced when the price is known, and counted against the limits of its key", async () => {
    const price = { input_usd_per_mtok: 2, output_usd_per_mtok: 10 };
    test = await startTestGateway({
      stable: stable.url,
      arms: { stable: { price } },
      prices: async () => explicitPricer({ input_usd_per_mtok: 0, output_usd_per_mtok: 0 }),
    });
    await (await post("/v1/chat/completions", "{}")).arrayBuffer();
    const [event] = await test.sink.count(1);
    expect(event?.payload.costUsd).toBeCloseTo((100 * 2 + 10 * 10) / 1e6, 12);
    expect(event?.payload).toMatchObject({
      usage: { inputTokens: 100, outputTokens: 10 },
      model: "test-model-1",
      finishReason: "stop",
      streamed: false,
    });
    expect(doneTokens.at(-1)).toBe(110);
  });

  it("of 500 is the arm's failure, and is not asked for again", async () => {
    stable.answer = (response) => void response.writeHead(500).end("boom");
    test = await startTestGateway({ stable: stable.url });
    const answer = await post("/v1/chat/completions", "{}");
    expect([answer.status, await answer.text()]).toEqual([500, "boom"]);
    expect((await test.sink.count(1))[0]?.payload).toMatchObject({ ok: false, failure: "server_error" });
    expect(stable.asked).toHaveLength(1);
  });

  it("of a client that was not let in has the shape that its SDK reads", async () => {
    test = await startTestGateway({ stable: stable.url });
    const answer = await post("/v1/messages", "{}", { "x-api-key": "bad" });
    expect(await answer.json()).toEqual({
      type: "error",
      error: { type: "authentication_error", message: "this key is not known" },
    });
  });
});
