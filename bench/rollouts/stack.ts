import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { answering, freePort, Processes } from "./processes.js";

const EXAMPLE = join(import.meta.dirname, "..", "..", "examples", "canary", "model-server.mjs");
const HAPROXY = "/usr/sbin/haproxy";
const NGINX = "/usr/sbin/nginx";

export const ROUTERS = ["gateway", "haproxy", "nginx"] as const;
export type RouterName = (typeof ROUTERS)[number];

/** Two model servers behind one router, each a process. */
export interface Stack {
  readonly url: string;
  readonly canaryUrl: string;
  readonly env: { readonly [name: string]: string | undefined };
  end(): Promise<void>;
}

/**
 * Starts everything that a release needs in a folder: model servers of 20 ms, the router with the configuration that
 * `agentctl canary render` writes, and release.yaml.
 *
 * @param bin - the program
 */
export async function startStack(router: RouterName, folder: string, bin: string): Promise<Stack> {
  const [stable, canary, traffic, status] = await Promise.all([1, 2, 3, 4].map(freePort));
  const at = (port: number | undefined) => `http://127.0.0.1:${port}`;
  const env = { ...process.env, GATEWAY_TOKEN: "a-token-of-the-bench-0123456789abcdef" };
  const processes = new Processes(folder, env);
  const events = join(folder, ".agentctl", "events");
  mkdirSync(events, { recursive: true });
  try {
    processes.start("node", [EXAMPLE, `${stable}`, "v1"], join(folder, "stable.log"));
    processes.start("node", [EXAMPLE, `${canary}`, "v2"], join(folder, "canary.log"));
    const arms = { stable: { url: at(stable) }, canary: { url: at(canary) } };
    const write = (name: string, content: unknown) =>
      writeFileSync(join(folder, name), JSON.stringify(content));
    const config = join(folder, ".agentctl", "nginx", "nginx.conf");
    const routers = {
      gateway: { type: "gateway", control: "unix:.agentctl/control.sock", token: "env:GATEWAY_TOKEN" },
      haproxy: { type: "haproxy", socket: ".agentctl/haproxy/haproxy.sock", map_folder: ".agentctl/haproxy" },
      nginx: {
        type: "nginx",
        split_file: ".agentctl/nginx/agentctl-split.conf",
        test: [NGINX, "-t", "-c", config],
        reload: [NGINX, "-s", "reload", "-c", config],
        status: `${at(status)}/agentctl-split`,
      },
    };
    write("release.yaml", {
      version: 1,
      service: "support",
      traffic: at(traffic),
      ...arms,
      router: routers[router],
    });
    if (router === "gateway") {
      const { control, token } = routers.gateway;
      write("gateway.yaml", {
        version: 1,
        service: "support",
        listen: { port: traffic },
        arms,
        control: { listen: control, token },
      });
      processes.start(bin, ["gateway"], join(folder, "gateway.log"));
    } else {
      await execa(bin, ["canary", "render", router], { cwd: folder, env });
      const lines = join(events, "haproxy.jsonl");
      if (router === "haproxy")
        processes.start(HAPROXY, ["-W", "-f", join(folder, ".agentctl/haproxy/haproxy.cfg")], lines);
      else processes.start(NGINX, ["-c", config, "-g", "daemon off;"], join(folder, "nginx.log"));
    }
    await Promise.all([stable, canary, traffic].map((port) => answering(`${at(port)}/v1/models`)));
    return { url: at(traffic), canaryUrl: at(canary), env, end: () => processes.end() };
  } catch (error) {
    await processes.end();
    throw error;
  }
}
