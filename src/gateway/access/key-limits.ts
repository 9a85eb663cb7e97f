import { RollingMinute } from "./rolling-minute.js";

/** What a key may use; a limit that is absent does not bind. */
export interface Limits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  readonly maxConcurrent?: number | undefined;
}

/** Too much of something. */
export interface Excess {
  /** What there is too much of, with the limit. */
  readonly message: string;
  readonly retryAfterMs: number;
}

/** When one of many requests under way ends is not known. */
const CONCURRENT_RETRY_MS = 1_000;

/** What one key used lately. */
export class KeyUsage {
  readonly #requests = new RollingMinute();
  readonly #tokens = new RollingMinute();
  #underWay = 0;

  /** What keeps a further request from being let in; `null`: nothing. Counts nothing. */
  excess(limits: Limits, nowMs: number): Excess | null {
    const { requestsPerMinute, tokensPerMinute, maxConcurrent } = limits;
    if (maxConcurrent !== undefined && this.#underWay >= maxConcurrent) {
      return {
        message: `this key may have ${maxConcurrent} requests under way at once`,
        retryAfterMs: CONCURRENT_RETRY_MS,
      };
    }
    return (
      excessOf(this.#requests, requestsPerMinute, "requests", nowMs) ??
      excessOf(this.#tokens, tokensPerMinute, "tokens", nowMs)
    );
  }

  begin(nowMs: number): void {
    this.#underWay += 1;
    this.#requests.add(1, nowMs);
  }

  end(tokens: number, nowMs: number): void {
    this.#underWay -= 1;
    this.#tokens.add(tokens, nowMs);
  }
}

function excessOf(
  used: RollingMinute,
  limit: number | undefined,
  what: string,
  nowMs: number,
): Excess | null {
  if (limit === undefined || used.sum(nowMs) < limit) return null;
  return {
    message: `this key may use ${limit} ${what} a minute`,
    retryAfterMs: used.msUntilBelow(limit, nowMs),
  };
}
