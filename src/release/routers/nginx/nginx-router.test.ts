import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderNginx } from "../../render/nginx.js";
import { sendIds } from "../testing/arm-servers.js";
import { canRun, nginxPath } from "../testing/installed.js";
import { openProxyBench, type ProxyBench } from "../testing/proxy-bench.js";
import { describeProxyRouter } from "../testing/proxy-router.js";
import { NginxRouter } from "./nginx-router.js";
import { nginxArmOf, splitFile } from "./split-file.js";

const nginx = nginxPath ?? "nginx";

function openBench(): Promise<ProxyBench> {
  const configOf = (folder: string) => join(folder, "nginx.conf");
  return openProxyBench({
    name: "nginx",
    router: ({ folder, statusPort }) => ({
      type: "nginx",
      split_file: "agentctl-split.conf",
      test: [nginx, "-t", "-c", configOf(folder)],
      reload: [nginx, "-s", "reload", "-c", configOf(folder)],
      status: `http://127.0.0.1:${statusPort}/agentctl-split`,
    }),
    render: renderNginx,
    command: (folder) => ({
      args: [nginx, "-c", configOf(folder), "-g", "daemon off;"],
      output: join(folder, "stdout.log"),
    }),
  });
}

function routerOf({ release, context }: ProxyBench): NginxRouter {
  if (release.router.type !== "nginx") throw new Error("another router");
  return new NginxRouter(release.router, context);
}

describe.runIf(canRun(nginxPath, "nginx"))("nginx", () => {
  describeProxyRouter("nginx", {
    open: openBench,
    routerOf,
    editByHand: async ({ folder }, bps) => {
      const split = join(folder, "agentctl-split.conf");
      const text = readFileSync(split, "utf8");
      writeFileSync(split, text.replace(/[\d.]+% canary/, `${bps / 100}% canary`));
    },
    abilities: { counts: false, drains: false, seesCuts: false },
  });

  describe("when something is wrong", { timeout: 30_000 }, () => {
    let bench: ProxyBench;
    beforeAll(async () => {
      bench = await openBench();
    });
    afterAll(async () => bench?.close());

    const target = (bps: number) => ({ bps, salt: "rel-1" });

    it("sends 2,000 ids where their hash is computed to be", async () => {
      await routerOf(bench).set(target(2_500));
      const ids = Array.from({ length: 2_000 }, (_, index) => `${index}-${"x".repeat(index % 7)}é`);
      expect(await sendIds(bench.url, ids)).toEqual(ids.map((id) => nginxArmOf("rel-1", id, 2_500)));
    });

    it("serves on as before when its configuration is broken, and says so", async () => {
      const router = routerOf(bench);
      const split = await router.set(target(500));
      const file = join(bench.folder, "nginx.conf");
      const text = readFileSync(file, "utf8");
      writeFileSync(file, text.replace("http {", "http { nonsense;"));
      await expect(router.set(target(2_500))).rejects.toThrow(
        /router\.test .* unknown directive "nonsense"/s,
      );
      expect(await router.get()).toEqual(split);
      writeFileSync(file, text);
      expect((await router.set(target(2_500))).bps).toBe(2_500);
    });

    it("takes a reloaded edit and a new one alike as drift", async () => {
      const router = routerOf(bench);
      const split = await router.set(target(500));
      const file = join(bench.folder, "agentctl-split.conf");
      writeFileSync(file, `${readFileSync(file, "utf8")}# by hand\n`);
      expect((await router.get()).version).not.toBe(split.version);
      const names = { keyHeader: "x-conversation-id", armVariable: "agentctl_arm" };
      const text = splitFile({ bps: 9_000, salt: "rel-1", revision: "another" }, names);
      writeFileSync(file, text);
      expect(await router.get()).toMatchObject({ bps: 500, afterRestart: { bps: 9_000, salt: "rel-1" } });
      expect(await router.set(target(500))).not.toHaveProperty("afterRestart");
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
