import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Arm } from "../../src/core/traffic-split.js";
import { freePort } from "../../src/release/routers/testing/arm-servers.js";
import { Child } from "./child.js";
import { GatewayPool } from "./router-under-test.js";

/** The bundled programs of the processes. */
export interface Programs {
  readonly controller: string;
  readonly gateway: string;
  readonly endpoint: string;
}

/** @param folder - within the repository, so that packages are found */
export async function bundlePrograms(folder: string): Promise<Programs> {
  const names = ["controller-process", "gateway-process", "endpoint-process"];
  await build({
    entryPoints: names.map((name) => join(import.meta.dirname, `${name}.ts`)),
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  const [controller = "", gateway = "", endpoint = ""] = names.map((name) => join(folder, `${name}.js`));
  return { controller, gateway, endpoint };
}

/** The processes of rollouts that run one after the other: they serve on until they are killed. */
export class Lane {
  readonly gateways: GatewayPool;
  readonly ports: { readonly data: number; readonly stable: number; readonly canary: number };
  readonly #programs: Programs;
  readonly #root = mkdtempSync(join(tmpdir(), "agentctl-chaos-"));
  readonly #endpoints: Partial<Record<Arm, Child>> = {};
  /** Started before it is needed: nothing waits for it when another one was killed. */
  #spare: Child;
  #folders = 0;

  private constructor(programs: Programs, ports: Lane["ports"]) {
    this.#programs = programs;
    this.ports = ports;
    this.gateways = new GatewayPool(programs.gateway);
    this.#spare = new Child(programs.controller);
  }

  static async open(programs: Programs): Promise<Lane> {
    const [data, stable, canary] = [await freePort(), await freePort(), await freePort()];
    return new Lane(programs, { data, stable, canary });
  }

  folder(): string {
    this.#folders += 1;
    const folder = join(this.#root, String(this.#folders));
    mkdirSync(join(folder, "live"), { recursive: true });
    return folder;
  }

  /** A process for a controller; it is the caller's to end, or to give back. */
  controller(): Child {
    const child = this.#spare;
    this.#spare = new Child(this.#programs.controller);
    return child;
  }

  async giveBack(child: Child): Promise<void> {
    await this.#spare.kill();
    this.#spare = child;
  }

  /** The server of an arm, started when it is dead. */
  async endpoint(arm: Arm): Promise<Child> {
    const living = this.#endpoints[arm];
    if (living?.isAlive === true) return living;
    const child = new Child(this.#programs.endpoint);
    this.#endpoints[arm] = child;
    await child.ask("open", { name: arm, port: this.ports[arm] });
    return child;
  }

  async close(): Promise<void> {
    await this.gateways.close();
    for (const child of [this.#spare, ...Object.values(this.#endpoints)]) await child.kill();
    rmSync(this.#root, { recursive: true, force: true });
  }
}
