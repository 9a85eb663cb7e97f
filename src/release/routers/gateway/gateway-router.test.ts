import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseGatewayFile } from "../../../config/gateway/parse-gateway-file.js";
import { systemClock } from "../../../core/clock.js";
import type { Arm } from "../../../core/traffic-split.js";
import { chatAnswer, Upstream } from "../../../gateway/proxy/testing/upstream.js";
import { type RunningGateway, serveGateway } from "../../../gateway/serve-gateway.js";
import type { ServerName } from "../router.js";
import { asHeader } from "../testing/arm-servers.js";
import { describeRouterContract, type RouterBench } from "../testing/router-contract.js";
import { controlAddress } from "./control-client.js";
import { GatewayRouter } from "./gateway-router.js";

const TOKEN = "a token for tests";

interface Bench extends RouterBench {
  readonly router: GatewayRouter;
  readonly folder: string;
  /** As gateway.yaml names it. */
  readonly stable: ServerName;
  /** What a request through the gateway is answered. */
  readonly answer: () => Promise<string>;
}

async function openBench({ lease = "30s" }: { lease?: string } = {}): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-"));
  const upstreams = [await Upstream.start(chatAnswer("stable")), await Upstream.start(chatAnswer("canary"))];
  const [stable, canary] = upstreams.map(({ url }) => url);
  const yaml = `
version: 1
service: support
listen: { port: 0 }
arms: { stable: { url: "${stable}" }, canary: { url: "${canary}" } }
health: { interval: 0s }
control: { listen: "unix:control.sock", token: env:TOKEN }
lease: { grace: ${lease} }
`;
  const start = () =>
    serveGateway({
      config: parseGatewayFile(yaml, "gateway.yaml"),
      file: join(folder, "gateway.yaml"),
      secrets: { armKeys: { stable: null, canary: null }, tls: null, controlToken: TOKEN },
      clock: systemClock,
      onNotice: () => {},
    });
  let gateway: RunningGateway = await start();
  const config = { type: "gateway", control: "unix:control.sock", token: "env:TOKEN" } as const;
  const router = new GatewayRouter(config, { folder, readSecret: () => TOKEN });
  return {
    router,
    folder,
    stable: { url: stable ?? "", model: null },
    answer: () => chatThrough(gateway.origin, "a").then((answer) => answer.text()),
    sendThrough: (ids) => Promise.all(ids.map((id) => armThrough(gateway.origin, id))),
    editByHand: async (bps) => {
      await new GatewayRouter(config, { folder, readSecret: () => TOKEN }).set({ bps, salt: "by-hand" });
    },
    restart: async () => {
      await gateway.close(1_000);
      gateway = await start();
    },
    breakDown: () => gateway.close(0),
    close: async () => {
      await gateway.close(0);
      await Promise.all(upstreams.map((upstream) => upstream.close()));
      await rm(folder, { recursive: true });
    },
  };
}

function chatThrough(origin: string, id: string): Promise<Response> {
  return fetch(`${origin}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-conversation-id": asHeader(id) },
    body: JSON.stringify({ model: "m", messages: [] }),
  });
}

async function armThrough(origin: string, id: string): Promise<Arm> {
  const answer = await chatThrough(origin, id);
  await answer.arrayBuffer();
  return answer.headers.get("x-agentctl-arm") === "canary" ? "canary" : "stable";
}

describeRouterContract("gateway", openBench);

describe("the gateway as a router", () => {
  it("falls to 0 without its controller, and says so to one that comes back late", async () => {
    const bench = await openBench({ lease: "0.05s" });
    try {
      const set = await bench.router.set({ bps: 10_000, salt: "rel-1" });
      await bench.router.renewLease(80);
      expect((await bench.router.get()).bps).toBe(10_000);
      await expect.poll(() => bench.router.get(), { interval: 20 }).toMatchObject({ bps: 0, salt: "rel-1" });
      await bench.router.renewLease(60_000);
      expect((await bench.router.get()).bps).toBe(0);
      const late = bench.router.set({ bps: 10_000, salt: "rel-1", ifVersion: set.version });
      await expect(late).rejects.toMatchObject({ code: "ROUTER_CONFLICT" });
      expect(await bench.sendThrough?.(["a", "b"])).toEqual(["stable", "stable"]);
    } finally {
      await bench.close();
    }
  });

  it("makes the canary's address the stable one, and keeps that", async () => {
    const bench = await openBench();
    try {
      const { version } = await bench.router.set({ bps: 10_000, salt: "rel-1" });
      const late = bench.router.promote({ ifVersion: "of-before-a-rollback" });
      await expect(late).rejects.toMatchObject({ code: "ROUTER_CONFLICT" });
      expect(await bench.router.isPromoted()).toBe(false);
      await bench.router.promote({ ifVersion: version });
      await bench.router.promote();
      expect(await bench.router.isPromoted()).toBe(true);
      expect((await bench.router.get()).bps).toBe(0);
      await bench.restart();
      expect(await bench.sendThrough?.(["a"])).toEqual(["stable"]);
      const rows = await bench.router.stats();
      expect(rows.map(({ isUp }) => isUp)).toEqual([true, true]);
      const again = bench.router.set({ bps: 100, salt: "rel-2" });
      await expect(again).rejects.toMatchObject({ code: "ROUTER_REFUSED" });
      await expect(again).rejects.toThrow(/both arms are the same server/);
    } finally {
      await bench.close();
    }
  });

  it("gives stable's address back after a promotion, and keeps that", async () => {
    const bench = await openBench();
    try {
      await bench.router.set({ bps: 10_000, salt: "rel-1" });
      await bench.router.promote();
      expect(await bench.answer()).toContain("canary");
      const other = bench.router.demote({ url: "http://127.0.0.1:1", model: null });
      await expect(other).rejects.toMatchObject({ code: "ROUTER_REFUSED" });
      expect(await bench.router.isPromoted()).toBe(true);
      for (let time = 0; time < 2; time += 1) await bench.router.demote(bench.stable);
      expect(await bench.router.isPromoted()).toBe(false);
      expect(await bench.answer()).toContain("stable");
      await bench.restart();
      expect(await bench.router.isPromoted()).toBe(false);
      expect(await bench.router.set({ bps: 100, salt: "rel-2" })).toMatchObject({ bps: 100 });
    } finally {
      await bench.close();
    }
  });

  it.each(["http://10.0.0.1:9901", "https://127.0.0.1:9901", "example.com"])(
    "refuses %s as control",
    (control) => {
      expect(() => controlAddress(control, "/")).toThrow(/of this machine/);
    },
  );
});
