const SECONDS = 60;

/** Counts what happened in the last 60 seconds, to the second. Memory and time do not grow with the counts. */
export class RollingMinute {
  readonly #counts = new Float64Array(SECONDS);
  #sum = 0;
  #second = Number.NEGATIVE_INFINITY;

  add(amount: number, nowMs: number): void {
    const second = this.#moveTo(nowMs);
    this.#counts[second % SECONDS] = (this.#counts[second % SECONDS] ?? 0) + amount;
    this.#sum += amount;
  }

  sum(nowMs: number): number {
    this.#moveTo(nowMs);
    return this.#sum;
  }

  /** Milliseconds until the sum is below `limit`, if nothing is added; 0 when it is already. */
  msUntilBelow(limit: number, nowMs: number): number {
    const newest = this.#moveTo(nowMs);
    let left = this.#sum;
    for (let second = newest - SECONDS + 1; second <= newest; second += 1) {
      if (left < limit) return Math.max(0, (second - 1 + SECONDS) * 1000 - nowMs);
      left -= this.#counts[((second % SECONDS) + SECONDS) % SECONDS] ?? 0;
    }
    return Math.max(0, (newest + SECONDS) * 1000 - nowMs);
  }

  /** Forgets what is older than a minute. A clock that goes back is taken as one that stands still. */
  #moveTo(nowMs: number): number {
    const second = Math.max(Math.floor(nowMs / 1000), this.#second);
    const passed = Math.min(second - this.#second, SECONDS);
    for (let step = 0; step < passed; step += 1) {
      const slot = (((second - step) % SECONDS) + SECONDS) % SECONDS;
      this.#sum -= this.#counts[slot] ?? 0;
      this.#counts[slot] = 0;
    }
    this.#second = second;
    return second;
  }
}
