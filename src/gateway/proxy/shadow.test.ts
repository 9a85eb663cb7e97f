import { describe, expect, it } from "vitest";
import { startTestGateway } from "./testing/test-gateway.js";
import { twoArms } from "./testing/two-arms.js";
import { chatAnswer, statusAnswer } from "./testing/upstream.js";

const arms = twoArms();

async function start(shadow: object, bps = 0): Promise<void> {
  arms.test = await startTestGateway({
    stable: arms.stable.url,
    canary: arms.canary.url,
    bps,
    settings: { shadow },
  });
}

async function ask(headers: Record<string, string>, body = '{"model":"m","tools":[{"type":"function"}]}') {
  const answer = await fetch(`${arms.test.origin}/v1/chat/completions`, { method: "POST", headers, body });
  return answer.text();
}

const routes = async (count: number) =>
  (await arms.test.sink.count(count)).map(({ payload }) => `${payload.arm} ${payload.route}`).sort();

describe("a shadowed request", () => {
  it("is answered by stable; the canary's answer goes into an event alone", async () => {
    await start({ percent: 100 });
    expect(await ask({ "x-conversation-id": "c" })).toContain("stable");
    expect(await routes(2)).toEqual(["canary shadow", "stable bucket"]);
    expect(arms.canary.asked[0]?.body).toEqual(arms.stable.asked[0]?.body);
    expect(arms.canary.asked[0]?.headers).toMatchObject({
      "x-agentctl-shadow": "1",
      "x-conversation-id": "c",
    });
    const [first, second] = arms.test.sink.events;
    expect(first?.trace_id).toBe(second?.trace_id);
    expect(arms.test.gateway.counts()).toMatchObject({ shadowed: 1, shadowsDropped: 0 });
  });

  it("waits until the user's answer has begun", async () => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      arms.stable.answer = (response, request, count) => {
        answer = () => chatAnswer("stable")(response, request, count);
        resolve();
      };
    });
    await start({ percent: 100 });
    const text = ask({});
    await asked;
    expect(arms.canary.asked).toEqual([]);
    answer();
    await text;
    expect(await routes(2)).toEqual(["canary shadow", "stable no-id"]);
  });

  it("does no harm when the canary fails", async () => {
    arms.canary.answer = statusAnswer(500);
    await start({ percent: 100 });
    expect(await ask({ "x-conversation-id": "c" })).toContain("stable");
    const events = await arms.test.sink.count(2);
    expect(events.find(({ payload }) => payload.route === "shadow")?.payload).toMatchObject({
      ok: false,
      status: 500,
      failure: "server_error",
    });
    expect(events.find(({ payload }) => payload.route === "bucket")?.payload).toMatchObject({ ok: true });
  });

  it("is one of the configured share, and always the same conversations", async () => {
    await start({ percent: 30, max_concurrency: 1000 });
    for (let index = 0; index < 100; index += 1) await ask({ "x-conversation-id": `c-${index % 50}` });
    const { shadowed } = arms.test.gateway.counts();
    expect(shadowed).toBeGreaterThan(10);
    expect(shadowed).toBeLessThan(50);
    await arms.test.sink.count(100 + shadowed);
    const ids = arms.canary.asked.map(({ headers }) => headers["x-conversation-id"]);
    expect(new Set(ids).size * 2).toBe(ids.length);
  });

  it("is not made beyond the limit, and counted", async () => {
    arms.canary.answer = () => {};
    await start({ percent: 100, max_concurrency: 2 });
    for (let index = 0; index < 5; index += 1) await ask({});
    expect(arms.test.gateway.counts()).toMatchObject({ shadowed: 2, shadowsDropped: 3 });
  });
});

describe("what is never copied", () => {
  it.each([
    ["a request that forbids it", 0, { "x-agentctl-no-shadow": "1" }],
    ["a request of the canary", 10_000, { "x-conversation-id": "c" }],
    ["a check of the router", 0, { "x-conversation-id": "agentctl-probe-1" }],
    ["a tester's choice", 0, { "x-agentctl-arm": "stable", authorization: "Bearer tester" }],
  ])("%s", async (_, bps, headers) => {
    await start({ percent: 100 }, bps);
    await ask(headers as Record<string, string>);
    await arms.test.sink.count(1);
    expect(arms.test.gateway.counts()).toMatchObject({ shadowed: 0, shadowsDropped: 0 });
  });
});
