import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatewaySchema } from "../../src/config/gateway/gateway-schema.js";
import { parseReleaseFile } from "../../src/config/release/parse-release-file.js";
import type { RouterConfig } from "../../src/config/release/release-schema.js";
import { renderHaproxy } from "../../src/release/render/haproxy.js";
import { openRouter } from "../../src/release/routers/registry.js";
import type { TrafficRouter } from "../../src/release/routers/router.js";
import { answers, until } from "../../src/release/routers/testing/arm-servers.js";
import { Child } from "./child.js";
import type { Moment } from "./simulated-time.js";

export const TOKEN = "token-of-the-chaos-run";
const HAPROXY = process.env.HAPROXY ?? "/usr/sbin/haproxy";
const GRACE_S = 30;

export type RouterName = "gateway" | "haproxy";

/** Whether HAProxy (Debian package haproxy) is installed. */
export function hasHaproxy(): boolean {
  return existsSync(HAPROXY);
}

/** A router that can be killed and started again. */
export interface RouterUnderTest {
  readonly name: RouterName;
  /** How the controller reaches it: through the relay. */
  readonly config: RouterConfig;
  /** Not through the relay. */
  readonly observer: TrafficRouter;
  /** Socket that the relay leads to. */
  readonly socket: string;
  tell(moment: Moment): Promise<void>;
  kill(): Promise<void>;
  /** Does nothing when it lives. */
  start(moment: Moment): Promise<void>;
  close(): Promise<void>;
}

/** Where a router under test runs. */
export interface RouterPlace {
  readonly folder: string;
  /** Where clients send their requests. */
  readonly port: number;
  /** Ports of the model servers. */
  readonly endpoints: { readonly stable: number; readonly canary: number };
}

/** The text of release.yaml. */
export function releaseText(
  { port, endpoints }: RouterPlace,
  router: RouterConfig | { readonly type: string },
): string {
  return JSON.stringify({
    version: 1,
    service: "support",
    traffic: `http://127.0.0.1:${port}`,
    stable: { url: `http://127.0.0.1:${endpoints.stable}` },
    canary: { url: `http://127.0.0.1:${endpoints.canary}` },
    router,
    events: ["live"],
  });
}

function routerOf(config: RouterConfig, folder: string): TrafficRouter {
  return openRouter(config, { folder, readSecret: () => TOKEN, environment: {} });
}

/** Keeps one process of the gateway for many rollouts, until it is killed. */
export class GatewayPool {
  #child: Child | null = null;

  constructor(private readonly program: string) {}

  get child(): Child {
    if (this.#child?.isAlive !== true) this.#child = new Child(this.program);
    return this.#child;
  }

  async close(): Promise<void> {
    await this.#child?.kill();
  }
}

export function gatewayUnderTest(place: RouterPlace, pool: GatewayPool): RouterUnderTest {
  const { folder, port, endpoints } = place;
  const direct = { type: "gateway", control: "unix:control.sock", token: "env:T" } as const;
  const config = gatewaySchema.parse({
    version: 1,
    service: "support",
    listen: { port },
    arms: {
      stable: { url: `http://127.0.0.1:${endpoints.stable}` },
      canary: { url: `http://127.0.0.1:${endpoints.canary}` },
    },
    control: { listen: "unix:control.sock", token: "env:T" },
    health: { interval: "0.25s", timeout: "0.25s" },
    lease: { grace: `${GRACE_S}s` },
    prices: false,
  });
  let opened: Child | null = null;
  return {
    name: "gateway",
    config: { ...direct, control: "unix:relay.sock" },
    observer: routerOf(direct, folder),
    socket: join(folder, "control.sock"),
    tell: (moment) => opened?.ask("clock", moment) ?? Promise.resolve(),
    kill: () => opened?.kill() ?? Promise.resolve(),
    start: async (moment) => {
      const { child } = pool;
      if (opened === child) return;
      opened = child;
      await child.ask("open", { config, file: join(folder, "gateway.yaml"), token: TOKEN, moment });
    },
    close: () => opened?.ask("close") ?? Promise.resolve(),
  };
}

export function haproxyUnderTest(place: RouterPlace): RouterUnderTest {
  const { folder, port } = place;
  const direct = {
    type: "haproxy",
    socket: "haproxy.sock",
    map_folder: folder,
    stable_backend: "be_stable",
    canary_backend: "be_canary",
  } as const;
  const release = parseReleaseFile(releaseText(place, direct), "release.yaml");
  for (const { name, text } of renderHaproxy(release, { folder, out: folder }).files)
    writeFileSync(join(folder, name), text);
  let child: ChildProcess | null = null;
  const isAlive = () => child !== null && child.exitCode === null && child.signalCode === null;
  const kill = async () => {
    if (child?.pid === undefined || !isAlive()) return;
    const ended = once(child, "exit");
    // Master and workers at once, as when the machine dies.
    process.kill(-child.pid, "SIGKILL");
    await ended;
  };
  return {
    name: "haproxy",
    config: { ...direct, socket: "relay.sock" },
    observer: routerOf(direct, folder),
    socket: join(folder, "haproxy.sock"),
    tell: async () => {},
    kill,
    start: async () => {
      if (isAlive()) return;
      rmSync(join(folder, "haproxy.sock"), { force: true });
      const log = openSync(join(folder, "haproxy.log"), "a");
      const args = ["-W", "-f", join(folder, "haproxy.cfg")];
      child = spawn(HAPROXY, args, { stdio: ["ignore", log, log], detached: true });
      closeSync(log);
      await until("haproxy answers", () => answers(`http://127.0.0.1:${port}`));
    },
    close: kill,
  };
}
