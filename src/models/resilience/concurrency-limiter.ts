import { FifoGate, type Passage } from "./fifo-gate.js";
import type { Timing } from "./timing.js";

/** Lets at most so many calls run at once; the others wait in order. */
export class ConcurrencyLimiter {
  private active = 0;
  private readonly gate: FifoGate<null>;

  /** @param limit - at least 1 */
  constructor(limit: number, timing: Timing) {
    this.gate = new FifoGate(() => {
      if (this.active >= limit) return { waitMs: Number.POSITIVE_INFINITY };
      this.active += 1;
      return { taken: null };
    }, timing);
  }

  /** Every passage must be given back by {@link release}, once. */
  pass(signal: AbortSignal, maxWaitMs: number): Promise<Passage<null>> {
    return this.gate.pass(1, signal, maxWaitMs);
  }

  release(): void {
    this.active -= 1;
    this.gate.notify();
  }
}
