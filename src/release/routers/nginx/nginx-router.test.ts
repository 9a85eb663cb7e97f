import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import { renderNginx } from "../../render/nginx.js";
import { sendIds } from "../testing/arm-servers.js";
import { describeEventLines } from "../testing/event-lines.js";
import { canRun, nginxPath } from "../testing/installed.js";
import { openProxyBench, type ProxyBench } from "../testing/proxy-bench.js";
import { describeRouterContract } from "../testing/router-contract.js";
import { NginxRouter } from "./nginx-router.js";

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
  describeRouterContract(
    "nginx",
    async () => {
      const bench = await openBench();
      const split = join(bench.folder, "agentctl-split.conf");
      return {
        router: routerOf(bench),
        sendThrough: (ids) => sendIds(bench.url, ids),
        editByHand: async (bps) => {
          const text = readFileSync(split, "utf8");
          writeFileSync(split, text.replace(/[\d.]+% canary/, `${bps / 100}% canary`));
        },
        restart: async () => {
          await bench.kill();
          await bench.start();
        },
        breakDown: bench.kill,
        close: bench.close,
      };
    },
    { counts: false, drains: false },
  );

  describeEventLines(
    "nginx",
    async () => {
      const bench = await openBench();
      return { bench, router: routerOf(bench) };
    },
    { seesCuts: false },
  );
});
