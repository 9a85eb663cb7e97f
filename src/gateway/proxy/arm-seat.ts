import type { Arm } from "../../core/traffic-split.js";
import type { ArmStatus } from "../parts.js";
import type { Backend } from "./backend.js";

/** An arm, the server that stands for it now, and its figures since the start. */
export class ArmSeat {
  readonly arm: Arm;
  backend: Backend | null;
  requests = 0;
  errors = 0;
  redispatched = 0;
  #inFlight = 0;
  #waiting: (() => void)[] = [];

  constructor(arm: Arm, backend: Backend | null) {
    this.arm = arm;
    this.backend = backend;
  }

  begin(): void {
    this.requests += 1;
    this.#inFlight += 1;
  }

  end(ok: boolean): void {
    if (!ok) this.errors += 1;
    this.#inFlight -= 1;
    if (this.#inFlight > 0) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  /** Resolves when no request is under way. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  status(now: number): ArmStatus {
    const { arm, backend, requests, errors, redispatched } = this;
    return {
      arm,
      url: backend?.url ?? "",
      isUp: backend?.isUp ?? false,
      breaker: backend?.breaker.state(now) ?? "open",
      inFlight: this.#inFlight,
      requests,
      errors,
      redispatched,
    };
  }
}
