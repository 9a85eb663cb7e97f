/** What the server of tests counts. */
export interface ServingCounts {
  running: number;
  waiting: number;
  prompts: number;
  tokens: number;
  finished: number;
  preemptions: number;
}

/** A fixed number of places; who finds none waits in the order of arrival. */
export class ServingQueue {
  readonly counts: ServingCounts = {
    running: 0,
    waiting: 0,
    prompts: 0,
    tokens: 0,
    finished: 0,
    preemptions: 0,
  };
  private readonly waiters: (() => void)[] = [];

  constructor(readonly places: number) {}

  async enter(): Promise<void> {
    if (this.counts.running >= this.places) {
      this.counts.waiting += 1;
      // The place goes from hand to hand: `leave` does not free it when somebody waits.
      await new Promise<void>((resolve) => this.waiters.push(resolve));
      this.counts.waiting -= 1;
      return;
    }
    this.counts.running += 1;
  }

  leave(): void {
    this.counts.finished += 1;
    const next = this.waiters.shift();
    if (next === undefined) this.counts.running -= 1;
    else next();
  }
}
