import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { armOf } from "../../../core/traffic-split.js";
import { renderHaproxy } from "../../render/haproxy.js";
import { sendIds, until } from "../testing/arm-servers.js";
import { canRun, haproxyPath } from "../testing/installed.js";
import { openProxyBench, type ProxyBench } from "../testing/proxy-bench.js";
import { describeProxyRouter } from "../testing/proxy-router.js";
import { HaproxyRouter } from "./haproxy-router.js";
import { runtimeCommand } from "./runtime-api.js";

function openBench(): Promise<ProxyBench> {
  return openProxyBench({
    name: "haproxy",
    router: ({ folder }) => ({ type: "haproxy", socket: "haproxy.sock", map_folder: folder }),
    render: renderHaproxy,
    command: (folder) => ({
      args: [haproxyPath ?? "haproxy", "-W", "-f", join(folder, "haproxy.cfg")],
      output: join(folder, "events", "haproxy.jsonl"),
    }),
  });
}

function routerOf({ release, context }: ProxyBench): HaproxyRouter {
  if (release.router.type !== "haproxy") throw new Error("another router");
  return new HaproxyRouter(release.router, context);
}

function command({ folder }: ProxyBench, text: string): Promise<string> {
  return runtimeCommand({ path: join(folder, "haproxy.sock") }, text);
}

describe.runIf(canRun(haproxyPath, "haproxy"))("HAProxy", () => {
  describeProxyRouter("haproxy", {
    open: openBench,
    routerOf,
    editByHand: async (bench, bps) => {
      await command(bench, `set map ${join(bench.folder, "bps.map")} bps ${bps}`);
    },
    abilities: { counts: true, drains: true, seesCuts: true },
  });

  describe("when something is wrong", { timeout: 30_000 }, () => {
    let bench: ProxyBench;
    beforeAll(async () => {
      bench = await openBench();
    });
    afterAll(async () => bench?.close());

    const target = (bps: number) => ({ bps, salt: "rel-1" });

    it("loses no request of clients that ask again when a kept connection is closed, while it is reloaded under load", async () => {
      const router = routerOf(bench);
      const split = await router.set(target(5_000));
      const ids = Array.from({ length: 600 }, (_, index) => `c-${index}`);
      const sent = sendIds(bench.url, ids, { attempts: 3 });
      process.kill(bench.pid(), "SIGUSR2");
      expect(await sent).toEqual(ids.map((id) => armOf("rel-1", id, 5_000)));
      await until("the new worker answers", () =>
        router.get().then(
          () => true,
          () => false,
        ),
      );
      expect(await router.get()).toEqual(split);
    });

    it("sends to stable what names two ids", async () => {
      await routerOf(bench).set(target(10_000));
      const twice = { "x-conversation-id": ["c-1", "c-2"] };
      const { headers, body } = await request(bench.url, { headers: twice });
      await body.dump();
      expect(headers["x-served-by"]).toBe("stable");
      await until("its line", () =>
        bench.events().some(({ payload }) => "route" in payload && payload.route === "no-id"),
      );
    });

    it("takes a file that was edited alone as drift, and repairs it when it sets again", async () => {
      const router = routerOf(bench);
      const split = await router.set(target(500));
      writeFileSync(join(bench.folder, "bps.map"), "bps 10000\n");
      const drifted = await router.get();
      expect(drifted).toMatchObject({ bps: 500, afterRestart: { bps: 10_000, salt: "rel-1" } });
      expect(drifted.version).not.toBe(split.version);
      const repaired = await router.set({ ...target(500), ifVersion: drifted.version });
      expect(repaired.version).not.toContain("files");
      expect(repaired).not.toHaveProperty("afterRestart");
      expect(readFileSync(join(bench.folder, "bps.map"), "utf8")).toContain("bps 500\n");
      rmSync(join(bench.folder, "bps.map"));
      expect(await router.get()).toMatchObject({ bps: 500, afterRestart: null });
      await router.set(target(500));
    });

    it("goes down, but not up, when the files cannot be written", async () => {
      const router = routerOf(bench);
      await router.set(target(2_500));
      if (bench.release.router.type !== "haproxy") throw new Error("another router");
      const elsewhere = new HaproxyRouter({ ...bench.release.router, map_folder: "missing" }, bench.context);
      await expect(elsewhere.set(target(5_000))).rejects.toMatchObject({ code: "ROUTER_FAILED" });
      expect((await router.get()).bps).toBe(2_500);
      await expect(elsewhere.set(target(0))).rejects.toMatchObject({ code: "ROUTER_FAILED" });
      expect((await router.get()).bps).toBe(0);
    });

    it("reads errors in the body of an answer", async () => {
      await expect(command(bench, "set map /nowhere x y")).resolves.toMatch(/Unknown map/);
      if (bench.release.router.type !== "haproxy") throw new Error("another router");
      const other = new HaproxyRouter({ ...bench.release.router, canary_backend: "be_other" }, bench.context);
      await expect(other.drain("canary")).rejects.toMatchObject({ code: "ROUTER_REFUSED" });
      await expect(other.stats()).rejects.toMatchObject({ code: "ROUTER_REFUSED" });
    });

    it("comes back with nothing on the canary when it was taken back while it was down", async () => {
      const router = routerOf(bench);
      await router.set(target(5_000));
      await bench.kill();
      await expect(router.set(target(0))).rejects.toMatchObject({ code: "ROUTER_FAILED" });
      await expect(router.set(target(9_000))).rejects.toMatchObject({ code: "ROUTER_FAILED" });
      await bench.start();
      expect((await router.get()).bps).toBe(0);
    });
  });
});
