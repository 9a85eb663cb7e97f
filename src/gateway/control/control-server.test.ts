import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreError } from "../../core/errors.js";
import type { ArmStatus, DataPlane } from "../parts.js";
import { FileSplitKeeper } from "../split/split-keeper.js";
import { emptyState } from "../testing/gateway-state.js";
import { ManualClock } from "../testing/manual-clock.js";
import { type ControlServer, startControlServer } from "./control-server.js";

const TOKEN = "token of the test";
let folder: string;
let split: FileSplitKeeper;
let server: ControlServer;
let moves: string[];
let isOneServer: boolean;
let isDiskFull: boolean;

const dataPlane: DataPlane = {
  arms: () => [armStatus("stable"), { ...armStatus("canary"), url: "" }],
  drain: async (arm) => void moves.push(`drain ${arm}`),
  fill: (arm) => void moves.push(`fill ${arm}`),
  promote: () => void moves.push("promote"),
  demote: ({ url }) => {
    if (isDiskFull) throw new StoreError("promoted.json: no space left");
    if (url !== "http://127.0.0.1:1") return false;
    moves.push("demote");
    return true;
  },
  isOneServer: () => isOneServer,
};

function armStatus(arm: ArmStatus["arm"]): ArmStatus {
  const counts = { inFlight: 0, requests: 0, errors: 0, redispatched: 0 };
  return { arm, url: "http://127.0.0.1:1", isUp: true, breaker: "closed", ...counts };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-"));
  moves = [];
  isOneServer = false;
  isDiskFull = false;
  const clock = new ManualClock();
  split = new FileSplitKeeper({
    file: join(folder, "state", "split.json"),
    clock,
    graceMs: 30_000,
    onIncident: () => {},
  });
  server = await start();
});
afterEach(async () => {
  await server.close();
  split.close();
  rmSync(folder, { recursive: true });
});

function start(listen = `unix:${join(folder, "c.sock")}`, hasCanary = true): Promise<ControlServer> {
  const state = () => emptyState({ split: split.view() });
  return startControlServer({ dataPlane, split, hasCanary, listen, token: TOKEN, state });
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; etag: unknown; body: unknown }>((resolve, reject) => {
    const sent = request({
      socketPath: join(folder, "c.sock"),
      method,
      path,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    });
    sent.once("error", reject);
    sent.once("response", async (response) => {
      let text = "";
      for await (const chunk of response) text += String(chunk);
      const { etag } = response.headers;
      resolve({ status: response.statusCode ?? 0, etag, body: JSON.parse(text) });
    });
    sent.end(body === undefined ? "" : JSON.stringify(body));
  });
}

describe("the control API", () => {
  it("sets the split by its version, and fills drained arms", async () => {
    const first = await call("PUT", "/v1/split", { bps: 100, salt: "rel-1" });
    expect(first).toMatchObject({
      status: 200,
      body: { bps: 100, effective_bps: 100, salt: "rel-1", release: "rel-1", saved: true },
    });
    expect(moves).toEqual(["fill stable", "fill canary"]);
    const ifMatch = { "if-match": String(first.etag) };
    expect(await call("PUT", "/v1/split", { bps: 200, salt: "rel-1" }, ifMatch)).toMatchObject({
      status: 200,
    });
    const late = await call("PUT", "/v1/split", { bps: 300, salt: "rel-1" }, ifMatch);
    expect(late).toMatchObject({ status: 412, body: { error: { code: "version_conflict" } } });
    expect(await call("GET", "/v1/split")).toMatchObject({ body: { bps: 200 } });
  });

  it("renews the lease, drains and promotes", async () => {
    await call("PUT", "/v1/split", { bps: 10_000, salt: "s" });
    const renewed = await call("PUT", "/v1/lease", { ttl_ms: 5_000 });
    expect(renewed).toMatchObject({ body: { lease: { left_ms: 5_000 } } });
    moves = [];
    await call("POST", "/v1/arms/canary/drain");
    expect(await call("POST", "/v1/promote")).toMatchObject({ status: 200, body: { bps: 0, release: null } });
    expect(moves).toEqual(["drain canary", "promote"]);
  });

  it("gives stable's old server its place again, and no other one", async () => {
    const demote = (url: string) => call("POST", "/v1/demote", { stable: { url, model: null } });
    expect(await demote("http://127.0.0.1:1")).toMatchObject({ status: 200, body: { bps: 0 } });
    expect(moves).toEqual(["demote"]);
    expect(await demote("http://127.0.0.1:2")).toMatchObject({
      status: 409,
      body: { error: { code: "other_stable" } },
    });
    isDiskFull = true;
    const unkept = await demote("http://127.0.0.1:1");
    expect(unkept).toMatchObject({ status: 503, body: { error: { code: "not_saved" } } });
  });

  it.each([
    ["GET", "/v1/split", undefined, { authorization: "" }, 401, "wrong_token"],
    ["PUT", "/v1/split", { bps: 1, salt: "" }, { authorization: "Bearer wrong" }, 401, "wrong_token"],
    ["PUT", "/v1/split", { bps: 10_001, salt: "s" }, {}, 400, "invalid_request"],
    ["PUT", "/v1/split", { bps: 1, salt: "s", more: 1 }, {}, 400, "invalid_request"],
    ["PUT", "/v1/split", { bps: 1, salt: "s".repeat(70_000) }, {}, 413, "too_large"],
    ["PUT", "/v1/lease", { ttl_ms: 0 }, {}, 400, "invalid_request"],
    ["POST", "/v1/demote", { stable: { url: "http://127.0.0.1:1" } }, {}, 400, "invalid_request"],
    ["DELETE", "/v1/split", undefined, {}, 404, "unknown_call"],
    ["GET", "/constructor", undefined, {}, 404, "unknown_call"],
  ])("answers %s %s with %j and %j by %i %s", async (method, path, body, headers, status, code) => {
    const answer = await call(method, path, body, headers);
    expect(answer).toMatchObject({ status, body: { error: { code, message: /./, nextStep: /\w+ \w+/ } } });
    expect(split.effectiveBps()).toBe(0);
  });

  it("shows arms that there are, and its health without a token", async () => {
    expect(await call("GET", "/v1/arms")).toMatchObject({ body: { arms: [{ arm: "stable" }] } });
    expect(await call("GET", "/healthz", undefined, { authorization: "" })).toMatchObject({ status: 503 });
  });

  it("gives no share to a canary that is the stable server, and takes one away", async () => {
    await call("PUT", "/v1/split", { bps: 500, salt: "s" });
    isOneServer = true;
    const refused = await call("PUT", "/v1/split", { bps: 1_000, salt: "s" });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: "one_server" } } });
    expect(split.effectiveBps()).toBe(500);
    expect(await call("PUT", "/v1/split", { bps: 0, salt: "s" })).toMatchObject({ status: 200 });
  });

  it("moves nothing to a canary that there is not", async () => {
    await server.close();
    server = await start(undefined, false);
    for (const [method, path, body] of [
      ["PUT", "/v1/split", { bps: 1, salt: "s" }],
      ["POST", "/v1/promote", {}],
    ] as const) {
      expect(await call(method, path, body)).toMatchObject({
        status: 409,
        body: { error: { code: "no_canary" } },
      });
    }
    expect(await call("PUT", "/v1/split", { bps: 0, salt: "s" })).toMatchObject({ status: 200 });
  });
});

describe("where it listens", () => {
  it("is a socket of its owner, taken over from a killed gateway and from nobody else", async () => {
    const path = join(folder, "c.sock");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(start()).rejects.toThrow(/another process listens there/);
    writeFileSync(join(folder, "file"), "");
    await expect(start(`unix:${join(folder, "file")}`)).rejects.toThrow(/expected a socket or nothing/);
    await expect(start(`unix:${join(folder, "x".repeat(120))}`)).rejects.toThrow(/at most 103 bytes/);
  });

  it.each(["0.0.0.0:0", "10.1.2.3:9901", "example.com:80", "127.0.0.1"])("is never %s", async (place) => {
    await expect(start(place)).rejects.toThrow(/loopback/);
  });

  it("may be a loopback port", async () => {
    const second = await start("127.0.0.1:0");
    const answer = await fetch(`${second.place}/v1/arms`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(answer.status).toBe(200);
    await second.close();
  });
});
