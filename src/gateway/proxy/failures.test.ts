import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { idIn, startTestGateway, type TestGateway } from "./testing/test-gateway.js";
import { chatAnswer, statusAnswer, Upstream } from "./testing/upstream.js";

const IN_CANARY = { "x-conversation-id": idIn("canary", 5000) };
const IN_STABLE = { "x-conversation-id": idIn("stable", 5000) };

let stable: Upstream;
let canary: Upstream;
let test: TestGateway;

beforeEach(async () => {
  stable = await Upstream.start(chatAnswer("stable"));
  canary = await Upstream.start(chatAnswer("canary"));
});

afterEach(async () => {
  await test.close();
  await Promise.all([stable.close(), canary.close()]);
});

async function start(settings: object = {}): Promise<void> {
  test = await startTestGateway({
    stable: stable.url,
    canary: canary.url,
    bps: 5000,
    settings: { ...settings },
  });
}

async function ask(headers: Record<string, string>) {
  const answer = await fetch(`${test.origin}/v1/chat/completions`, { method: "POST", headers, body: "{}" });
  const text = await answer.text();
  const of = (name: string) => answer.headers.get(`x-agentctl-${name}`);
  return { status: answer.status, arm: of("arm"), route: of("route"), text, answer };
}

const lastEvent = async (count: number) => (await test.sink.count(count)).at(-1)?.payload;

describe("an arm that says 503 once", () => {
  it.each([502, 503])("is asked again (%i), and its answer is passed on", async (status) => {
    canary.answer = (response, asked, count) =>
      (count === 1 ? statusAnswer(status) : chatAnswer("canary"))(response, asked, count);
    await start();
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "canary", route: "bucket" });
    expect(await lastEvent(1)).toMatchObject({ ok: true, failure: null, status: 200 });
    expect(canary.asked).toHaveLength(2);
    expect(canary.asked[0]?.body).toEqual(canary.asked[1]?.body);
  });

  it("is asked once when no retries are wanted; its 503 is stable's answer", async () => {
    stable.answer = statusAnswer(503);
    await start({ retries: 0 });
    const { status, text } = await ask(IN_STABLE);
    expect([status, text]).toEqual([503, '{"error":{"message":"overloaded"}}']);
    expect(stable.asked).toHaveLength(1);
    expect(await lastEvent(1)).toMatchObject({ ok: false, failure: "server_error", status: 503 });
  });
});

describe("a canary that is down", () => {
  it("is stood in for by stable, and the answer says so", async () => {
    await start();
    await canary.close();
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "stable", route: "fallback" });
    expect(await lastEvent(1)).toMatchObject({
      arm: "stable",
      route: "fallback",
      ok: true,
      failure: "canary_refused",
    });
    expect(test.gateway.dataPlane.arms()[1]).toMatchObject({ redispatched: 1, errors: 1, inFlight: 0 });
  });

  it("that says 503 for good is stood in for, too", async () => {
    canary.answer = statusAnswer(503);
    await start();
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "stable", route: "fallback" });
    expect(await lastEvent(1)).toMatchObject({ failure: "canary_unavailable" });
  });

  it("is not asked while its breaker is open, and gets its conversations back afterwards", async () => {
    const { port } = canary;
    await start({ breaker: { failures: 4, open: "0.15s" } });
    await canary.close();
    for (let index = 0; index < 3; index += 1) await ask(IN_CANARY);
    expect(test.gateway.dataPlane.arms()[1]).toMatchObject({ breaker: "open", redispatched: 3 });
    expect((await test.sink.count(3)).map(({ payload }) => payload.failure)).toEqual([
      "canary_refused",
      "canary_refused",
      "canary_down",
    ]);
    canary = await Upstream.start(chatAnswer("canary"), port);
    await expect.poll(async () => (await ask(IN_CANARY)).arm, { interval: 30 }).toBe("canary");
    expect(test.gateway.dataPlane.arms()[1]).toMatchObject({ breaker: "closed" });
    expect(canary.asked).toHaveLength(1);
  });

  it("is found out by checks, without a request that failed", async () => {
    const { port } = canary;
    await start({ health: { interval: "0.03s", timeout: "0.5s", fall: 2 } });
    const canaryIsUp = () => test.gateway.dataPlane.arms()[1]?.isUp;
    await expect.poll(() => canary.asked.length, { interval: 10 }).toBeGreaterThan(0);
    await canary.close();
    await expect.poll(canaryIsUp, { interval: 10 }).toBe(false);
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "stable", route: "fallback" });
    canary = await Upstream.start(statusAnswer(404), port);
    await expect.poll(canaryIsUp, { interval: 10 }).toBe(true);
  });
});

describe("a stable arm that is down", () => {
  it("is answered for with 503, never by the canary", async () => {
    await start({ breaker: { failures: 2, open: "60s" } });
    await stable.close();
    for (let index = 0; index < 3; index += 1) {
      const { status, arm, answer, text } = await ask(IN_STABLE);
      expect([status, arm, answer.headers.get("retry-after")]).toEqual([503, "stable", "60"]);
      expect(JSON.parse(text)).toMatchObject({ error: { type: "server_error", code: "stable_unavailable" } });
    }
    expect((await test.sink.count(3)).map(({ payload }) => [payload.ok, payload.failure])).toEqual([
      [false, "refused"],
      [false, "down"],
      [false, "down"],
    ]);
    expect(canary.asked).toEqual([]);
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "canary" });
  });
});

describe("time limits", () => {
  it("a late first byte is a 504 of that arm, and nobody else is asked", async () => {
    canary.answer = () => {};
    await start({ timeouts: { first_byte: "0.1s" } });
    expect(await ask(IN_CANARY)).toMatchObject({ status: 504, arm: "canary" });
    expect(await lastEvent(1)).toMatchObject({ arm: "canary", ok: false, failure: "timeout", status: 504 });
    expect([canary.asked.length, stable.asked.length]).toEqual([1, 0]);
    await expect.poll(() => canary.cutOff, { interval: 10 }).toBe(1);
  });

  it("the whole request has one, with its retries", async () => {
    stable.answer = statusAnswer(503);
    await start({ retries: 5, timeouts: { total: "0.15s" }, breaker: { failures: 50 } });
    expect((await ask(IN_STABLE)).status).toBe(504);
    expect(stable.asked.length).toBeLessThan(4);
  });
});

describe("a drained arm", () => {
  it("gets no new requests, ends those under way, and is filled again", async () => {
    let finish = () => {};
    canary.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: {}\n\n");
      finish = () => response.end("data: [DONE]\n\n");
    };
    await start();
    const { dataPlane } = test.gateway;
    const under = await fetch(`${test.origin}/v1/chat/completions`, {
      method: "POST",
      headers: IN_CANARY,
      body: "{}",
    });
    let isIdle = false;
    const drained = dataPlane.drain("canary").then(() => {
      isIdle = true;
    });
    expect(await ask(IN_CANARY)).toMatchObject({ arm: "stable", route: "fallback" });
    expect([isIdle, dataPlane.arms()[1]?.inFlight]).toEqual([false, 1]);
    finish();
    expect(await under.text()).toBe("data: {}\n\ndata: [DONE]\n\n");
    await drained;
    canary.answer = chatAnswer("canary");
    dataPlane.fill("canary");
    expect(await ask(IN_CANARY)).toMatchObject({ arm: "canary" });
  });
});

describe("a promotion", () => {
  it("makes the canary's address the stable one, outlives a restart, and gives way to an edited file", async () => {
    const stateFolder = mkdtempSync(join(tmpdir(), "agentctl-promoted-"));
    const again = (arms: { stable: string; canary: string }) =>
      startTestGateway({ ...arms, bps: 5000, stateFolder });
    test = await again({ stable: stable.url, canary: canary.url });
    test.gateway.dataPlane.promote();
    test.gateway.dataPlane.promote();
    expect(await ask(IN_STABLE)).toMatchObject({ arm: "stable", text: expect.stringContaining("canary") });
    await test.close();
    test = await again({ stable: stable.url, canary: canary.url });
    expect((await ask(IN_STABLE)).text).toContain("canary");
    expect(test.gateway.dataPlane.arms().map(({ url }) => url)).toEqual([canary.url, canary.url]);
    await test.close();
    test = await again({ stable: stable.url, canary: `${canary.url}/next` });
    expect((await ask(IN_STABLE)).text).toContain("stable");
    await test.close();
    test = await again({ stable: stable.url, canary: canary.url });
    expect((await ask(IN_STABLE)).text).toContain("stable");
    rmSync(stateFolder, { recursive: true });
  });

  it("needs a canary", async () => {
    test = await startTestGateway({ stable: stable.url });
    expect(() => test.gateway.dataPlane.promote()).toThrow("arms.canary");
  });
});

describe("closing", () => {
  it("lets answers under way end", async () => {
    let finish = () => {};
    stable.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
      finish = () => response.end("data: [DONE]\n\n");
    };
    await start();
    const under = await fetch(`${test.origin}/v1/responses`, { method: "POST", body: "{}" });
    const closed = test.gateway.close(5_000);
    await expect(fetch(`${test.origin}/v1/models`)).rejects.toThrow();
    finish();
    expect(await under.text()).toBe("data: 1\n\ndata: [DONE]\n\n");
    await closed;
  });
});
