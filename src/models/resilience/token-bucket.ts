/** What was taken, to be corrected when the true amount is known. */
export interface BucketEntry {
  amount: number;
  readonly atMs: number;
}

/**
 * A token bucket in which what was taken comes back a whole window after it was taken, not little by little. A
 * bucket that refills steadily lets up to twice its size through in one window; this one never lets more through
 * than its size in any window, which is what a provider counts.
 */
export class TokenBucket {
  private entries: BucketEntry[] = [];
  private taken = 0;

  /**
   * @param size - most that may be taken within one window, above 0
   * @param windowMs - milliseconds, above 0
   */
  constructor(
    readonly size: number,
    private readonly windowMs: number,
  ) {}

  /**
   * Milliseconds until an amount can be taken: 0 when it can be now. One above the size counts as the size: it
   * waits for a full bucket and goes alone.
   */
  waitMs(amount: number, nowMs: number): number {
    this.giveBack(nowMs);
    let excess = this.taken + Math.min(amount, this.size) - this.size;
    for (const entry of this.entries) {
      if (excess <= 0) break;
      excess -= entry.amount;
      if (excess <= 0) return entry.atMs + this.windowMs - nowMs;
    }
    return 0;
  }

  /** Takes an amount, whether or not it is there. */
  take(amount: number, nowMs: number): BucketEntry {
    this.giveBack(nowMs);
    const entry = { amount, atMs: nowMs };
    this.entries.push(entry);
    this.taken += amount;
    return entry;
  }

  /** Corrects what was taken to what it really was; without effect once it has come back. */
  settle(entry: BucketEntry, amount: number): void {
    if (!this.entries.includes(entry)) return;
    this.taken += amount - entry.amount;
    entry.amount = amount;
  }

  private giveBack(nowMs: number): void {
    let gone = 0;
    for (const entry of this.entries) {
      if (entry.atMs + this.windowMs > nowMs) break;
      this.taken -= entry.amount;
      gone += 1;
    }
    if (gone > 0) this.entries = this.entries.slice(gone);
    if (this.entries.length === 0) this.taken = 0;
  }
}
