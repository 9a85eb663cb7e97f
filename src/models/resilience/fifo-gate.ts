import { setMaxListeners } from "node:events";
import type { Timing } from "./timing.js";

/**
 * Takes an amount if it is there, and says what was taken; else the milliseconds until it is worth trying again
 * (infinite: not before the gate is notified).
 */
export type TryTake<Taken> = (amount: number) => { readonly taken: Taken } | { readonly waitMs: number };

/** How a wait at a gate ended: with what was taken, or without it. */
export type Passage<Taken> = { readonly taken: Taken } | { readonly refused: "aborted" | "too-long" };

interface Waiter<Taken> {
  readonly amount: number;
  readonly end: (passage: Passage<Taken>) => void;
}

/**
 * Lets callers through in the order in which they came. Nobody overtakes, so a large request is not starved by
 * small ones. One timer at most waits for the first of the queue; there is no polling.
 */
export class FifoGate<Taken> {
  private readonly queue: Waiter<Taken>[] = [];
  private cancelTimer: (() => void) | null = null;

  constructor(
    private readonly tryTake: TryTake<Taken>,
    private readonly timing: Timing,
  ) {}

  /** Waits for its turn, at most `maxWaitMs`. Resolves; never rejects. */
  pass(amount: number, signal: AbortSignal, maxWaitMs: number): Promise<Passage<Taken>> {
    if (signal.aborted) return Promise.resolve({ refused: "aborted" });
    if (this.queue.length === 0) {
      const attempt = this.tryTake(amount);
      if ("taken" in attempt) return Promise.resolve(attempt);
      // Known to come too late: there is no use in waiting for that.
      if (Number.isFinite(attempt.waitMs) && attempt.waitMs > maxWaitMs) {
        return Promise.resolve({ refused: "too-long" });
      }
    }
    return new Promise((resolve) => {
      const onAbort = () => leave("aborted");
      const waiter: Waiter<Taken> = {
        amount,
        end: (passage) => {
          cancelDeadline();
          signal.removeEventListener("abort", onAbort);
          resolve(passage);
        },
      };
      const leave = (refused: "aborted" | "too-long") => {
        const place = this.queue.indexOf(waiter);
        if (place === -1) return;
        this.queue.splice(place, 1);
        waiter.end({ refused });
        if (place === 0) this.pump();
      };
      const cancelDeadline = this.timing.after(maxWaitMs, () => {
        // What is there at the last moment is not too late.
        if (this.queue[0] === waiter) this.pump();
        leave("too-long");
      });
      // One signal may stop many calls at once; Node takes more than ten listeners for a leak.
      setMaxListeners(0, signal);
      signal.addEventListener("abort", onAbort, { once: true });
      this.queue.push(waiter);
      if (this.queue.length === 1) this.pump();
    });
  }

  /** Something was given back: the first of the queue may go. */
  notify(): void {
    if (this.queue.length > 0) this.pump();
  }

  private pump(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    for (let first = this.queue[0]; first !== undefined; first = this.queue[0]) {
      const attempt = this.tryTake(first.amount);
      if ("waitMs" in attempt) {
        const { waitMs } = attempt;
        if (Number.isFinite(waitMs)) this.cancelTimer = this.timing.after(waitMs, () => this.pump());
        return;
      }
      this.queue.shift();
      first.end(attempt);
    }
  }
}
