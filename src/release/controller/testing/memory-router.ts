import { RouterError } from "../../../core/errors.js";
import type { Split, TrafficRouter } from "../../routers/router.js";

/** A router without a data plane: the split of a simulated world, which outlives controllers. */
export class MemoryRouter implements TrafficRouter {
  readonly kind = "memory";
  readonly isSticky = true;
  /** Every split that was set, in its order; what changes nothing is not among them. */
  readonly history: number[] = [];
  /** Whether the controller reaches it. */
  isReachable = true;
  canaryRequests = 0;
  leases = 0;
  #bps = 0;
  #salt = "before";
  #version = 0;
  /** What somebody wrote for the next start, and no running router has. */
  #files: Split["afterRestart"];

  async get(): Promise<Split> {
    this.#reach("get");
    return this.now();
  }

  async set({ bps, salt, ifVersion }: Parameters<TrafficRouter["set"]>[0]): Promise<Split> {
    this.#reach("set");
    if (ifVersion !== undefined && ifVersion !== this.now().version)
      throw new RouterError("ROUTER_CONFLICT", "memory: somebody changed the split");
    if (bps !== this.#bps || salt !== this.#salt || this.#files !== undefined) this.change(bps, salt);
    return this.now();
  }

  async drain(): Promise<void> {
    this.#reach("drain");
  }

  async stats() {
    this.#reach("stats");
    const idle = { isUp: true, errors: 0, redispatched: 0 };
    return [
      { arm: "stable" as const, requests: 0, ...idle },
      { arm: "canary" as const, requests: this.canaryRequests, ...idle },
    ];
  }

  async renewLease(): Promise<void> {
    this.#reach("renewLease");
    this.leases += 1;
  }

  async close(): Promise<void> {}

  /** The split as it is, whoever can reach it. */
  now(): Split {
    const split = { bps: this.#bps, salt: this.#salt, version: String(this.#version) };
    return this.#files === undefined ? split : { ...split, afterRestart: this.#files };
  }

  /** Changes it behind the controller's back. */
  change(bps: number, salt = this.#salt): void {
    if (bps !== this.#bps) this.history.push(bps);
    this.#bps = bps;
    this.#salt = salt;
    this.#files = undefined;
    this.#version += 1;
  }

  /** Changes what the next start reads, behind the controller's back. */
  editFiles(files: Split["afterRestart"]): void {
    this.#files = files;
    this.#version += 1;
  }

  #reach(what: string): void {
    if (!this.isReachable) throw new RouterError("ROUTER_FAILED", `memory: ${what}: connection refused`);
  }
}
