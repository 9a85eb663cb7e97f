import { RouterError } from "../../core/errors.js";
import type { Arm } from "../../core/traffic-split.js";
import type { ArmStatus, DataPlane, ServerName } from "../parts.js";
import { ArmSeat } from "./arm-seat.js";
import type { Backend } from "./backend.js";

export interface ArmsOptions {
  /** As `gateway.yaml` names them. */
  readonly stable: Backend;
  readonly canary: Backend | null;
  /** Whether the canary's server was promoted before this start. */
  readonly isPromoted: boolean;
  readonly now: () => number;
  /** Keeps a promotion over restarts; it is called before the promotion takes effect. */
  readonly keepPromotion: () => void;
  /** Forgets a kept promotion; it may have been forgotten before. */
  readonly dropPromotion: () => void;
}

/** The two arms: who takes requests now. */
export class Arms implements DataPlane {
  readonly stable: ArmSeat;
  readonly canary: ArmSeat;
  readonly #options: ArmsOptions;
  readonly #drained = new Set<Arm>();

  constructor(options: ArmsOptions) {
    this.#options = options;
    const { isPromoted, stable, canary } = options;
    this.stable = new ArmSeat("stable", isPromoted && canary !== null ? canary : stable);
    this.canary = new ArmSeat("canary", options.canary);
  }

  /** The server of an arm when it takes a request now, `null` when it does not; see {@link Backend.admits}. */
  admitted(arm: Arm): Backend | null {
    const { backend } = this[arm];
    if (backend === null || this.#drained.has(arm)) return null;
    return backend.admits(this.#options.now()) ? backend : null;
  }

  arms(): readonly ArmStatus[] {
    const now = this.#options.now();
    return [this.stable.status(now), this.canary.status(now)];
  }

  drain(arm: Arm): Promise<void> {
    this.#drained.add(arm);
    return this[arm].idle();
  }

  fill(arm: Arm): void {
    this.#drained.delete(arm);
  }

  promote(): void {
    const { backend } = this.canary;
    if (backend === null) {
      throw new RouterError("ROUTER_REFUSED", "expected `arms.canary` in gateway.yaml, found none", {
        nextStep: "add the canary's address before a release",
      });
    }
    if (this.stable.backend === backend) return;
    this.#options.keepPromotion();
    this.stable.backend = backend;
  }

  demote({ url, model }: ServerName): boolean {
    const { stable, dropPromotion } = this.#options;
    if (stable.url !== url || (stable.model !== null && stable.model !== model)) return false;
    // At once, whatever the disk says: everybody is on a version that is to go.
    this.stable.backend = stable;
    dropPromotion();
    return true;
  }

  isOneServer(): boolean {
    const [stable, canary] = [this.stable.backend, this.canary.backend];
    return stable !== null && stable.url === canary?.url && stable.model === canary.model;
  }
}
