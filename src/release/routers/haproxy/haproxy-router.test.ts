import { join } from "node:path";
import { describe } from "vitest";
import { renderHaproxy } from "../../render/haproxy.js";
import { sendIds } from "../testing/arm-servers.js";
import { describeEventLines } from "../testing/event-lines.js";
import { canRun, haproxyPath } from "../testing/installed.js";
import { openProxyBench, type ProxyBench } from "../testing/proxy-bench.js";
import { describeRouterContract } from "../testing/router-contract.js";
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
  describeRouterContract("haproxy", async () => {
    const bench = await openBench();
    return {
      router: routerOf(bench),
      sendThrough: (ids) => sendIds(bench.url, ids),
      editByHand: async (bps) => {
        await command(bench, `set map ${join(bench.folder, "bps.map")} bps ${bps}`);
      },
      restart: async () => {
        await bench.kill();
        await bench.start();
      },
      breakDown: bench.kill,
      close: bench.close,
    };
  });

  describeEventLines(
    "haproxy",
    async () => {
      const bench = await openBench();
      return { bench, router: routerOf(bench) };
    },
    { seesCuts: true },
  );
});
