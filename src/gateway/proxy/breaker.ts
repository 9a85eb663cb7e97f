import type { GatewayConfig } from "../../config/gateway/gateway-schema.js";

export type BreakerState = "closed" | "open" | "half-open";

/**
 * Stops requests to an arm after failures in a row, and lets one at a time try whether it answers again. Times are
 * monotonic milliseconds.
 */
export class Breaker {
  readonly #limits: GatewayConfig["breaker"];
  #state: BreakerState = "closed";
  #failures = 0;
  #lastFailureAt = Number.NEGATIVE_INFINITY;
  #openedAt = 0;
  #isTried = false;

  constructor(limits: GatewayConfig["breaker"]) {
    this.#limits = limits;
  }

  state(now: number): BreakerState {
    if (this.#state === "open" && now - this.#openedAt >= this.#limits.open) this.#state = "half-open";
    return this.#state;
  }

  /** Whether a request may go; the one that tries a half-open breaker must end in `succeeded`, `failed` or `abandoned`. */
  admits(now: number): boolean {
    const state = this.state(now);
    if (state !== "half-open") return state === "closed";
    if (this.#isTried) return false;
    this.#isTried = true;
    return true;
  }

  /** An answer has begun: enough to let others through a half-open breaker, too little to forget failures in a row. */
  answered(): void {
    if (this.#state === "half-open") this.#close();
  }

  /** A whole answer came. */
  succeeded(): void {
    // An answer to a question from before the failures says nothing of now.
    if (this.#state !== "open") this.#close();
  }

  failed(now: number): void {
    if (this.#state === "open") return;
    this.#failures = now - this.#lastFailureAt <= this.#limits.window ? this.#failures + 1 : 1;
    this.#lastFailureAt = now;
    if (this.#state === "half-open" || this.#failures >= this.#limits.failures) {
      this.#state = "open";
      this.#openedAt = now;
      this.#isTried = false;
    }
  }

  /** The request ended without saying anything of the arm, such as when its client went away. */
  abandoned(): void {
    this.#isTried = false;
  }

  /** A check says that the arm is up: the next request may try it at once. */
  hint(now: number): void {
    if (this.state(now) === "open") this.#state = "half-open";
  }

  #close(): void {
    this.#state = "closed";
    this.#failures = 0;
    this.#isTried = false;
  }
}
