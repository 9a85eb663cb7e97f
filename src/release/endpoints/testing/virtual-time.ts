import type { Clock } from "../../../core/clock.js";

/** A clock that jumps to the next moment at which something is due, once nothing else is left to do. */
export class VirtualTime implements Clock {
  private time = 0;
  private readonly timers: { readonly at: number; readonly wake: () => void }[] = [];

  now = () => this.time;
  monotonic = () => this.time;

  /** Waits in virtual milliseconds; the signal is not listened to. */
  sleep = (ms: number): Promise<void> => {
    const at = this.time + Math.max(0, ms);
    return new Promise((wake) => {
      const index = this.timers.findLastIndex((timer) => timer.at <= at);
      this.timers.splice(index + 1, 0, { at, wake });
    });
  };

  /** Lets time pass until some work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const finished = work.finally(() => {
      isDone = true;
    });
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return finished;
      const next = this.timers.shift();
      if (next === undefined) throw new Error("nothing is due, and the work is not done");
      this.time = next.at;
      next.wake();
    }
  }
}
