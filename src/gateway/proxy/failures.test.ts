import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { idIn, startTestGateway } from "./testing/test-gateway.js";
import { twoArms } from "./testing/two-arms.js";
import { chatAnswer, statusAnswer, Upstream } from "./testing/upstream.js";

const IN_CANARY = { "x-conversation-id": idIn("canary", 5000) };
const IN_STABLE = { "x-conversation-id": idIn("stable", 5000) };

const arms = twoArms();

async function start(settings: object = {}): Promise<void> {
  arms.test = await startTestGateway({
    stable: arms.stable.url,
    canary: arms.canary.url,
    bps: 5000,
    settings: { ...settings },
  });
}

async function ask(headers: Record<string, string>) {
  const answer = await fetch(`${arms.test.origin}/v1/chat/completions`, {
    method: "POST",
    headers,
    body: "{}",
  });
  const text = await answer.text();
  const of = (name: string) => answer.headers.get(`x-agentctl-${name}`);
  return { status: answer.status, arm: of("arm"), route: of("route"), text, answer };
}

const lastEvent = async (count: number) => (await arms.test.sink.count(count)).at(-1)?.payload;

describe("an arm that says 503 once", () => {
  it.each([502, 503])("is asked again (%i), and its answer is passed on", async (status) => {
    arms.canary.answer = (response, asked, count) =>
      (count === 1 ? statusAnswer(status) : chatAnswer("canary"))(response, asked, count);
    await start();
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "canary", route: "bucket" });
    expect(await lastEvent(1)).toMatchObject({ ok: true, failure: null, status: 200 });
    expect(arms.canary.asked).toHaveLength(2);
    expect(arms.canary.asked[0]?.body).toEqual(arms.canary.asked[1]?.body);
  });

  it("is asked once when no retries are wanted; its 503 is stable's answer", async () => {
    arms.stable.answer = statusAnswer(503);
    await start({ retries: 0 });
    const { status, text } = await ask(IN_STABLE);
    expect([status, text]).toEqual([503, '{"error":{"message":"overloaded"}}']);
    expect(arms.stable.asked).toHaveLength(1);
    expect(await lastEvent(1)).toMatchObject({ ok: false, failure: "server_error", status: 503 });
  });
});

describe("a canary that is down", () => {
  it("is stood in for by stable, and the answer says so", async () => {
    await start();
    await arms.canary.close();
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "stable", route: "fallback" });
    expect(await lastEvent(1)).toMatchObject({
      arm: "stable",
      route: "fallback",
      ok: true,
      failure: "canary_refused",
    });
    expect(arms.test.gateway.dataPlane.arms()[1]).toMatchObject({ redispatched: 1, errors: 1, inFlight: 0 });
  });

  it("that says 503 for good is stood in for, too", async () => {
    arms.canary.answer = statusAnswer(503);
    await start();
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "stable", route: "fallback" });
    expect(await lastEvent(1)).toMatchObject({ failure: "canary_unavailable" });
  });

  it("is not asked while its breaker is open, and gets its conversations back afterwards", async () => {
    const { port } = arms.canary;
    await start({ breaker: { failures: 4, open: "0.5s" } });
    await arms.canary.close();
    for (let index = 0; index < 3; index += 1) await ask(IN_CANARY);
    expect(arms.test.gateway.dataPlane.arms()[1]).toMatchObject({ breaker: "open", redispatched: 3 });
    expect((await arms.test.sink.count(3)).map(({ payload }) => payload.failure)).toEqual([
      "canary_refused",
      "canary_refused",
      "canary_down",
    ]);
    arms.canary = await Upstream.start(chatAnswer("canary"), port);
    await expect
      .poll(async () => (await ask(IN_CANARY)).arm, { interval: 30, timeout: 5_000 })
      .toBe("canary");
    expect(arms.test.gateway.dataPlane.arms()[1]).toMatchObject({ breaker: "closed" });
    expect(arms.canary.asked).toHaveLength(1);
  });

  it("is found out by checks, without a request that failed", async () => {
    const { port } = arms.canary;
    await start({ health: { interval: "0.03s", timeout: "0.5s", fall: 2 } });
    const canaryIsUp = () => arms.test.gateway.dataPlane.arms()[1]?.isUp;
    await expect.poll(() => arms.canary.asked.length, { interval: 10, timeout: 5_000 }).toBeGreaterThan(0);
    await arms.canary.close();
    await expect.poll(canaryIsUp, { interval: 10, timeout: 5_000 }).toBe(false);
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "stable", route: "fallback" });
    arms.canary = await Upstream.start(statusAnswer(404), port);
    await expect.poll(canaryIsUp, { interval: 10, timeout: 5_000 }).toBe(true);
  });
});

describe("a canary that ends a connection before it answered", () => {
  it("is asked again at once", async () => {
    arms.canary.answer = (response, asked, count) =>
      count === 1 ? response.destroy() : chatAnswer("canary")(response, asked, count);
    await start();
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "canary" });
    expect(arms.canary.asked).toHaveLength(2);
  });

  it("and dies under many requests loses none of them", async () => {
    arms.canary.answer = (response, asked, count) => {
      if (count < 40) setTimeout(() => chatAnswer("canary")(response, asked, count), 5);
      else if (count === 40) void arms.canary.close();
    };
    await start();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(IN_CANARY)));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(answers.filter(({ arm }) => arm === "stable").length).toBeGreaterThan(50);
  });
});

describe("a stable arm that is down", () => {
  it("is answered for with 503, never by the canary", async () => {
    await start({ breaker: { failures: 2, open: "60s" } });
    await arms.stable.close();
    for (let index = 0; index < 3; index += 1) {
      const { status, arm, answer, text } = await ask(IN_STABLE);
      expect([status, arm, answer.headers.get("retry-after")]).toEqual([503, "stable", "60"]);
      expect(JSON.parse(text)).toMatchObject({ error: { type: "server_error", code: "stable_unavailable" } });
    }
    expect((await arms.test.sink.count(3)).map(({ payload }) => [payload.ok, payload.failure])).toEqual([
      [false, "refused"],
      [false, "down"],
      [false, "down"],
    ]);
    expect(arms.canary.asked).toEqual([]);
    expect(await ask(IN_CANARY)).toMatchObject({ status: 200, arm: "canary" });
  });
});

describe("time limits", () => {
  it("a late first byte is a 504 of that arm, and nobody else is asked", async () => {
    arms.canary.answer = () => {};
    await start({ timeouts: { first_byte: "0.4s" } });
    expect(await ask(IN_CANARY)).toMatchObject({ status: 504, arm: "canary" });
    expect(await lastEvent(1)).toMatchObject({ arm: "canary", ok: false, failure: "timeout", status: 504 });
    expect([arms.canary.asked.length, arms.stable.asked.length]).toEqual([1, 0]);
    await expect.poll(() => arms.canary.cutOff, { interval: 10, timeout: 5_000 }).toBe(1);
  });

  it("the whole request has one, with its retries", async () => {
    arms.stable.answer = statusAnswer(503);
    await start({ retries: 5, timeouts: { total: "0.15s" }, breaker: { failures: 50 } });
    expect((await ask(IN_STABLE)).status).toBe(504);
    expect(arms.stable.asked.length).toBeLessThan(4);
  });
});

describe("a drained arm", () => {
  it("gets no new requests, ends those under way, and is filled again", async () => {
    let finish = () => {};
    arms.canary.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: {}\n\n");
      finish = () => response.end("data: [DONE]\n\n");
    };
    await start();
    const { dataPlane } = arms.test.gateway;
    const under = await fetch(`${arms.test.origin}/v1/chat/completions`, {
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
    arms.canary.answer = chatAnswer("canary");
    dataPlane.fill("canary");
    expect(await ask(IN_CANARY)).toMatchObject({ arm: "canary" });
  });
});

describe("a promotion", () => {
  it("makes the canary's address the stable one, outlives a restart, and gives way to an edited file", async () => {
    const stateFolder = mkdtempSync(join(tmpdir(), "agentctl-promoted-"));
    const again = (arms: { stable: string; canary: string }) =>
      startTestGateway({ ...arms, bps: 5000, stateFolder });
    arms.test = await again({ stable: arms.stable.url, canary: arms.canary.url });
    arms.test.gateway.dataPlane.promote();
    arms.test.gateway.dataPlane.promote();
    expect(await ask(IN_STABLE)).toMatchObject({ arm: "stable", text: expect.stringContaining("canary") });
    await arms.test.close();
    arms.test = await again({ stable: arms.stable.url, canary: arms.canary.url });
    expect((await ask(IN_STABLE)).text).toContain("canary");
    expect(arms.test.gateway.dataPlane.arms().map(({ url }) => url)).toEqual([
      arms.canary.url,
      arms.canary.url,
    ]);
    await arms.test.close();
    arms.test = await again({ stable: arms.stable.url, canary: `${arms.canary.url}/next` });
    expect((await ask(IN_STABLE)).text).toContain("stable");
    await arms.test.close();
    arms.test = await again({ stable: arms.stable.url, canary: arms.canary.url });
    expect((await ask(IN_STABLE)).text).toContain("stable");
    rmSync(stateFolder, { recursive: true });
  });

  it("needs a canary", async () => {
    arms.test = await startTestGateway({ stable: arms.stable.url });
    expect(() => arms.test.gateway.dataPlane.promote()).toThrow("arms.canary");
  });
});

describe("closing", () => {
  it("lets answers under way end", async () => {
    let finish = () => {};
    arms.stable.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
      finish = () => response.end("data: [DONE]\n\n");
    };
    await start();
    const under = await fetch(`${arms.test.origin}/v1/responses`, { method: "POST", body: "{}" });
    const closed = arms.test.gateway.close(5_000);
    await expect(fetch(`${arms.test.origin}/v1/models`)).rejects.toThrow();
    finish();
    expect(await under.text()).toBe("data: 1\n\ndata: [DONE]\n\n");
    await closed;
  });
});
