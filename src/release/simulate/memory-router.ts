import { RouterError } from "../../core/errors.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import type { ArmCounts, Split, TrafficRouter } from "../routers/router.js";

/** A router whose traffic is simulated: it holds the split, and whoever makes the traffic reads it there. */
export class MemoryRouter implements TrafficRouter {
  readonly kind = "memory";
  readonly isSticky = true;
  #bps = 0;
  #salt = "";
  #changes = 0;

  /** The split in force, without asking. */
  get bps(): number {
    return this.#bps;
  }

  get(): Promise<Split> {
    return Promise.resolve(this.#split());
  }

  set({
    bps,
    salt,
    ifVersion,
  }: {
    readonly bps: number;
    readonly salt: string;
    readonly ifVersion?: string;
  }) {
    if (!Number.isInteger(bps) || bps < 0 || bps > ALL_BPS) {
      return Promise.reject(
        new RangeError(`memory router: expected a share of 0 to ${ALL_BPS} basis points, found ${bps}`),
      );
    }
    if (ifVersion !== undefined && ifVersion !== String(this.#changes)) {
      const found = `memory router: expected version ${ifVersion}, found ${this.#changes}; read the split again`;
      return Promise.reject(new RouterError("ROUTER_CONFLICT", found));
    }
    if (bps !== this.#bps || salt !== this.#salt) this.#changes += 1;
    this.#bps = bps;
    this.#salt = salt;
    return Promise.resolve(this.#split());
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  stats(): Promise<readonly ArmCounts[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #split(): Split {
    return { bps: this.#bps, salt: this.#salt, version: String(this.#changes) };
  }
}
