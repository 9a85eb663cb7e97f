/** `closed` lets calls through, `open` refuses them, `half-open` lets one through to see. */
export type BreakerState = "closed" | "open" | "half-open";

export interface BreakerSettings {
  /** Share of failed calls in the window that opens the breaker, above 0 and up to 1. */
  readonly failureRate: number;
  /** Calls in the window below which the share says nothing, at least 1. */
  readonly minCalls: number;
  /** Milliseconds over which calls are counted. */
  readonly windowMs: number;
  /** Milliseconds that the breaker stays open before it lets a probe through. */
  readonly openMs: number;
}

/** A change of state, and why. */
export interface BreakerChange {
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly reason: string;
}

/** `ignored`: the call says nothing about the endpoint, e.g. one that was aborted. */
export type CallOutcome = "success" | "failure" | "ignored";

/** Leave to make one call; its outcome must be reported, once. */
export interface BreakerPass {
  /** The change that letting this call through was. */
  readonly change: BreakerChange | null;
  report(outcome: CallOutcome, nowMs: number): BreakerChange | null;
}

/** Parts of the window that calls are counted in: one of them expires at a time. */
const BUCKETS = 10;

interface CountBucket {
  readonly slot: number;
  calls: number;
  failures: number;
}

/**
 * Stops asking an endpoint that keeps failing. It opens when enough calls of the window failed; after `openMs` one
 * call may try, and its success closes the breaker, its failure opens it again. What is still under way from an
 * earlier state does not count.
 */
export class CircuitBreaker {
  private current: BreakerState = "closed";
  private openedAtMs = 0;
  private probing = false;
  private generation = 0;
  private buckets: CountBucket[] = [];

  constructor(private readonly settings: BreakerSettings) {}

  get state(): BreakerState {
    return this.current;
  }

  /** Asks to make a call: leave to do so, or the milliseconds until the next probe may go. */
  enter(nowMs: number): BreakerPass | { readonly retryAfterMs: number } {
    let change: BreakerChange | null = null;
    if (this.current === "open") {
      const remainingMs = this.openedAtMs + this.settings.openMs - nowMs;
      if (remainingMs > 0) return { retryAfterMs: remainingMs };
      change = this.become("half-open", `${this.settings.openMs} ms passed`, nowMs);
    }
    if (this.current === "half-open") {
      if (this.probing) return { retryAfterMs: this.settings.openMs };
      this.probing = true;
    }
    const { generation } = this;
    return { change, report: (outcome, at) => this.report(generation, outcome, at) };
  }

  private report(generation: number, outcome: CallOutcome, nowMs: number): BreakerChange | null {
    if (generation !== this.generation) return null;
    if (this.current === "half-open") {
      this.probing = false;
      if (outcome === "ignored") return null;
      return outcome === "success"
        ? this.become("closed", "the probe succeeded", nowMs)
        : this.become("open", "the probe failed", nowMs);
    }
    if (outcome === "ignored") return null;
    this.count(outcome, nowMs);
    const { calls, failures } = this.counted(nowMs);
    const { minCalls, failureRate, windowMs } = this.settings;
    if (outcome === "success" || calls < minCalls || failures / calls < failureRate) return null;
    return this.become("open", `${failures} of ${calls} calls failed within ${windowMs} ms`, nowMs);
  }

  private become(to: BreakerState, reason: string, nowMs: number): BreakerChange {
    const from = this.current;
    this.current = to;
    this.generation += 1;
    this.probing = false;
    this.buckets = [];
    if (to === "open") this.openedAtMs = nowMs;
    return { from, to, reason };
  }

  private count(outcome: CallOutcome, nowMs: number): void {
    const slot = this.slotAt(nowMs);
    let bucket = this.buckets.at(-1);
    if (bucket === undefined || bucket.slot !== slot) {
      bucket = { slot, calls: 0, failures: 0 };
      this.buckets = [...this.buckets.filter((old) => old.slot > slot - BUCKETS), bucket];
    }
    bucket.calls += 1;
    if (outcome === "failure") bucket.failures += 1;
  }

  private counted(nowMs: number): { readonly calls: number; readonly failures: number } {
    const oldest = this.slotAt(nowMs) - BUCKETS;
    let calls = 0;
    let failures = 0;
    for (const bucket of this.buckets) {
      if (bucket.slot <= oldest) continue;
      calls += bucket.calls;
      failures += bucket.failures;
    }
    return { calls, failures };
  }

  private slotAt(nowMs: number): number {
    return Math.floor((nowMs * BUCKETS) / this.settings.windowMs);
  }
}
