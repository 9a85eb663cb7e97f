/**
 * Time in which at least one trial ran: the union of their intervals. A run that was resumed the next morning
 * did not take all night.
 */
export class BusyTime {
  private readonly intervals: { readonly startMs: number; readonly endMs: number }[] = [];

  /** @param startMs - milliseconds since the Unix epoch */
  add(startMs: number, durationMs: number): void {
    this.intervals.push({ startMs, endMs: startMs + durationMs });
  }

  /** Milliseconds; `null` when nothing was added. */
  totalMs(): number | null {
    if (this.intervals.length === 0) return null;
    let total = 0;
    let coveredUntil = Number.NEGATIVE_INFINITY;
    for (const { startMs, endMs } of this.intervals.sort((a, b) => a.startMs - b.startMs)) {
      total += Math.max(0, endMs - Math.max(startMs, coveredUntil));
      coveredUntil = Math.max(coveredUntil, endMs);
    }
    return total;
  }
}
