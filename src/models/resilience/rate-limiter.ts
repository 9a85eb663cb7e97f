import { FifoGate, type Passage } from "./fifo-gate.js";
import type { Timing } from "./timing.js";
import { type BucketEntry, TokenBucket } from "./token-bucket.js";

const MINUTE_MS = 60_000;

/** Most that may be asked of a model in any minute; `null` sets no limit. */
export interface RateLimits {
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

/** A request that was let through; `tokens` is null where tokens are not limited. */
interface RateTicket {
  readonly tokens: BucketEntry | null;
}

/** Lets requests through in order, each when both the requests and the tokens of the last minute leave room. */
export class RateLimiter {
  private readonly requests: TokenBucket | null;
  private readonly tokens: TokenBucket | null;
  private readonly gate: FifoGate<RateTicket>;

  constructor(
    { requestsPerMinute, tokensPerMinute }: RateLimits,
    private readonly timing: Timing,
  ) {
    this.requests = requestsPerMinute === null ? null : new TokenBucket(requestsPerMinute, MINUTE_MS);
    this.tokens = tokensPerMinute === null ? null : new TokenBucket(tokensPerMinute, MINUTE_MS);
    this.gate = new FifoGate((tokens) => this.tryTake(tokens), timing);
  }

  /** @param estimatedTokens - input and output together, until `settle` says better */
  pass(estimatedTokens: number, signal: AbortSignal, maxWaitMs: number): Promise<Passage<RateTicket>> {
    return this.gate.pass(estimatedTokens, signal, maxWaitMs);
  }

  /** Puts what a request really used in the place of its estimate. */
  settle(ticket: RateTicket, tokens: number): void {
    if (ticket.tokens === null) return;
    this.tokens?.settle(ticket.tokens, tokens);
    this.gate.notify();
  }

  private tryTake(tokens: number): { readonly taken: RateTicket } | { readonly waitMs: number } {
    const nowMs = this.timing.now();
    const waitMs = Math.max(this.requests?.waitMs(1, nowMs) ?? 0, this.tokens?.waitMs(tokens, nowMs) ?? 0);
    if (waitMs > 0) return { waitMs };
    this.requests?.take(1, nowMs);
    return { taken: { tokens: this.tokens?.take(tokens, nowMs) ?? null } };
  }
}
