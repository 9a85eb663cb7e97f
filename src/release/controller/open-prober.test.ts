import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { armOf } from "../../core/traffic-split.js";
import { serve } from "../endpoints/testing/serve.js";
import { openProber } from "./open-prober.js";
import { probeIds } from "./probe-ids.js";

const SPLIT = { bps: 500, salt: "rel-1" };
const open: Server[] = [];

/** A server of `GET /v1/models`, or a router in front of two. */
async function listen(
  answer: (id: string, key: string) => { status?: number; arm?: string; body?: unknown },
) {
  const server = createServer((request, response) => {
    const {
      status = 200,
      arm,
      body = { data: [] },
    } = answer(String(request.headers["x-conversation-id"] ?? ""), request.headers.authorization ?? "");
    if (arm !== undefined) response.setHeader("x-agentctl-arm", arm);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function proberOf(
  traffic: string,
  canary: { url: string; model?: string; api_key?: string },
  isSticky = true,
) {
  const config = { traffic, stable: { url: traffic }, canary, key_header: "x-conversation-id" };
  return openProber(config, { router: { isSticky }, readSecret: () => "secret-of-test" });
}

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

describe("warming up", () => {
  it("is asked for in release.yaml, tells how it went, and fails when nothing answers", async () => {
    const { url } = await serve({ ttftMs: 1, tokens: 1 });
    const config = { traffic: url, stable: { url }, canary: { url }, key_header: "x-conversation-id" };
    const parts = { router: { isSticky: true }, readSecret: () => "" };
    expect(openProber(config, parts).warm).toBeUndefined();
    const warm_up = { requests: 4, concurrency: 2 };
    expect(await openProber({ ...config, warm_up }, parts).warm?.()).toMatchObject({
      ok: true,
      told: expect.stringMatching(/^4 requests to warm up: /),
    });
    const { url: broken } = await serve({ statusOf: () => 503 });
    const dead = openProber({ ...config, canary: { url: broken }, warm_up }, parts);
    expect(await dead.warm?.()).toMatchObject({ ok: false });
  });
});

describe("landing probes", () => {
  it("show the key that the gateway asks of clients, else that of the stable arm", async () => {
    const shown: string[] = [];
    const url = await listen((id, key) => {
      shown.push(key);
      return { arm: armOf(SPLIT.salt, id, SPLIT.bps) };
    });
    const stable = { url, api_key: "env:ARM" };
    const config = { traffic: url, stable, canary: { url }, key_header: "x-conversation-id" };
    const parts = { router: { isSticky: true }, readSecret: (reference: string) => reference };
    await openProber(config, parts).landing(SPLIT);
    await openProber({ ...config, traffic_api_key: "env:CLIENT" }, parts).landing(SPLIT);
    expect([...new Set(shown)]).toEqual(["Bearer env:ARM", "Bearer env:CLIENT"]);
  });

  it("pass when every id lands in its computed arm, at every share", async () => {
    for (const bps of [0, 1, 500, 9999, 10_000]) {
      const split = { ...SPLIT, bps };
      const url = await listen((id) => ({ arm: armOf(split.salt, id, split.bps) }));
      expect(await proberOf(url, { url }).landing(split)).toEqual({ ok: true });
    }
  });

  it("see a split that is off by a little", async () => {
    const landing = async (bps: number) => {
      const url = await listen((id) => ({ arm: armOf(SPLIT.salt, id, bps) }));
      return proberOf(url, { url }).landing(SPLIT);
    };
    expect(await landing(450)).toEqual({
      ok: false,
      reason:
        "stable answered all 4 probes that belong to the canary at 5 %: it is down, or has a smaller share",
    });
    expect(await landing(550)).toEqual({
      ok: false,
      reason: "4 of 8 probes at 5 % landed in the wrong arm, e.g. canary instead of stable",
    });
  });

  it("verify nothing where the router does not say: that is allowed of routers that are not sticky", async () => {
    const url = await listen(() => ({}));
    expect(await proberOf(url, { url }).landing(SPLIT)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("x-agentctl-arm is missing"),
    });
    expect(await proberOf(url, { url }, false).landing(SPLIT)).toEqual({ ok: true });
  });

  it("fail when nobody answers, sticky or not", async () => {
    const url = "http://127.0.0.1:9";
    expect(await proberOf(url, { url }, false).landing(SPLIT)).toMatchObject({ ok: false });
  });

  it("are four ids on each side, nearest to the boundary", () => {
    const ids = probeIds(SPLIT, {});
    expect(ids.map(({ arm }) => arm)).toEqual([...Array(4).fill("stable"), ...Array(4).fill("canary")]);
    for (const { id } of ids) {
      expect(armOf(SPLIT.salt, id, SPLIT.bps - 50)).toBe("stable");
      expect(armOf(SPLIT.salt, id, SPLIT.bps + 50)).toBe("canary");
    }
    expect(probeIds({ ...SPLIT, bps: 0 }, {})).toHaveLength(8);
    expect(probeIds(SPLIT, { armFor: () => null }).every(({ arm }) => arm === null)).toBe(true);
  });
});

describe("probes of an arm", () => {
  it("send the key, and want the model that is asked for", async () => {
    const url = await listen((_id, key) =>
      key === "Bearer secret-of-test" ? { body: { data: [{ id: "m-1" }] } } : { status: 401 },
    );
    const probe = (canary: Parameters<typeof proberOf>[1]) => proberOf(url, canary).arm("canary");
    expect(await probe({ url, model: "m-1", api_key: "env:KEY" })).toEqual({ ok: true });
    expect(await probe({ url })).toEqual({ ok: false, reason: "GET /v1/models: HTTP 401" });
    expect(await probe({ url, model: "m-2", api_key: "env:KEY" })).toEqual({
      ok: false,
      reason: "it serves m-1, expected the model m-2",
    });
    expect(await probe({ url: "http://127.0.0.1:9" })).toMatchObject({ ok: false });
  });
});
