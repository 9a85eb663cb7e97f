import { type BreakerSettings, CircuitBreaker } from "./circuit-breaker.js";
import { ConcurrencyLimiter } from "./concurrency-limiter.js";
import type { EndpointGuard } from "./guarded-model.js";
import { RateLimiter, type RateLimits } from "./rate-limiter.js";
import type { Timing } from "./timing.js";

/** What an agent file wants to stand before an endpoint; `null`: nothing of the kind. */
export interface GuardSettings {
  readonly breaker: BreakerSettings | null;
  readonly rate: RateLimits | null;
  readonly maxConcurrent: number | null;
}

/**
 * The guards of all endpoints of a process: conversations that call the same model under the same settings share
 * its breaker and its rate, and those that call the same endpoint share the places for calls at once.
 */
export class EndpointGuards {
  private readonly breakers = new Map<string, CircuitBreaker>();
  private readonly rates = new Map<string, RateLimiter>();
  private readonly concurrency = new Map<string, ConcurrencyLimiter>();

  constructor(readonly timing: Timing) {}

  /**
   * @param endpoint - names the endpoint, e.g. its base URL
   * @param model - model name at this endpoint
   */
  guardOf(endpoint: string, model: string, { breaker, rate, maxConcurrent }: GuardSettings): EndpointGuard {
    return {
      breaker:
        breaker === null
          ? null
          : shared(this.breakers, [endpoint, model, breaker], () => new CircuitBreaker(breaker)),
      rate:
        rate === null
          ? null
          : shared(this.rates, [endpoint, model, rate], () => new RateLimiter(rate, this.timing)),
      concurrency:
        maxConcurrent === null
          ? null
          : shared(
              this.concurrency,
              [endpoint, maxConcurrent],
              () => new ConcurrencyLimiter(maxConcurrent, this.timing),
            ),
    };
  }
}

function shared<Value>(known: Map<string, Value>, name: readonly unknown[], make: () => Value): Value {
  const key = JSON.stringify(name);
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
