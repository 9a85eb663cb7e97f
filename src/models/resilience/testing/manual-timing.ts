import type { Timing } from "../timing.js";

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** A clock and timers that move when a test says so. */
export class ManualTiming implements Timing {
  private nowMs = 0;
  private timers: Timer[] = [];

  readonly now = (): number => this.nowMs;

  after(ms: number, run: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Timers that wait: no more than one for each thing that is waited for. */
  get pending(): number {
    return this.timers.length;
  }

  /** Moves on, running what falls due on the way, in order, and lets promises settle. */
  async advance(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await settle();
    for (;;) {
      const due = this.timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.nowMs = Math.max(this.nowMs, due.atMs);
      due.run();
      await settle();
    }
    this.nowMs = endMs;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
