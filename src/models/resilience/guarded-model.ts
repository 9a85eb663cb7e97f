import { ProviderError } from "../../core/errors.js";
import type { ModelReply, TokenUsage } from "../../core/message.js";
import { abortedError } from "../deadlines.js";
import type { CompleteOptions, Model, ModelRequest } from "../model.js";
import type { BreakerChange, BreakerPass, CallOutcome, CircuitBreaker } from "./circuit-breaker.js";
import type { ConcurrencyLimiter } from "./concurrency-limiter.js";
import { estimateTokens } from "./estimate-tokens.js";
import type { Passage } from "./fifo-gate.js";
import type { RateLimiter } from "./rate-limiter.js";
import { RefusedCall } from "./refused-call.js";
import type { Timing } from "./timing.js";

/** What stands before an endpoint, shared by all who call it; `null`: not wanted. */
export interface EndpointGuard {
  readonly breaker: CircuitBreaker | null;
  readonly rate: RateLimiter | null;
  readonly concurrency: ConcurrencyLimiter | null;
}

export interface GuardedModelOptions {
  readonly guard: EndpointGuard;
  /** Longest wait for a turn, in milliseconds. */
  readonly maxWaitMs: number;
  readonly timing: Timing;
}

/**
 * Calls a model when its breaker is not open, a place among the calls at once is free and the rate allows it. The
 * wait for this is bounded and ends at an abort; what a place and a rate are waited for is given back in every case.
 *
 * @throws {ProviderError} PROVIDER_UNAVAILABLE at once when the breaker is open, PROVIDER_RATE_LIMITED when the turn
 * did not come in time (or is known not to), PROVIDER_ABORTED; otherwise what the model throws
 */
export function guardedModel(model: Model, options: GuardedModelOptions): Model {
  const { guard, maxWaitMs, timing } = options;
  const place = `${model.provider} model "${model.name}"`;

  async function complete(request: ModelRequest, completeOptions: CompleteOptions): Promise<ModelReply> {
    const { signal } = completeOptions;
    const startedMs = timing.now();
    // Who would be refused anyway need not queue; the breaker is asked again when the turn has come.
    if (guard.breaker?.state === "open") enterBreaker(completeOptions)?.report("ignored", timing.now());
    const slot = guard.concurrency === null ? null : await guard.concurrency.pass(signal, maxWaitMs);
    if (slot !== null) demandPassage(slot);
    try {
      const leftMs = Math.max(0, maxWaitMs - (timing.now() - startedMs));
      const rated =
        guard.rate === null ? null : await guard.rate.pass(estimateTokens(request), signal, leftMs);
      const ticket = rated === null ? null : demandPassage(rated);
      const pass = enterBreaker(completeOptions);
      const report = (outcome: CallOutcome) => tell(pass?.report(outcome, timing.now()), completeOptions);
      try {
        const reply = await model.complete(request, completeOptions);
        report("success");
        if (ticket !== null && reply.usage !== null) guard.rate?.settle(ticket, tokensOf(reply.usage));
        return reply;
      } catch (error) {
        report(outcomeOf(error));
        throw error;
      }
    } finally {
      guard.concurrency?.release();
    }
  }

  function enterBreaker(completeOptions: CompleteOptions): BreakerPass | null {
    const entered = guard.breaker?.enter(timing.now()) ?? null;
    if (entered === null) return null;
    if ("retryAfterMs" in entered) {
      const seconds = Math.ceil(entered.retryAfterMs / 1000);
      throw new RefusedCall(
        "PROVIDER_UNAVAILABLE",
        `${place} was not asked: it failed too often, its breaker is open for up to ${seconds} s more`,
        {
          nextStep: "Wait for the endpoint to recover, or add model.fallbacks to the agent file.",
          retryAfterMs: entered.retryAfterMs,
        },
      );
    }
    tell(entered.change, completeOptions);
    return entered;
  }

  function tell(change: BreakerChange | null | undefined, { onBreakerChange }: CompleteOptions): void {
    if (change) onBreakerChange?.({ provider: model.provider, model: model.name, ...change });
  }

  function demandPassage<Taken>(passage: Passage<Taken>): Taken {
    if ("taken" in passage) return passage.taken;
    if (passage.refused === "aborted") throw abortedError(place);
    throw new RefusedCall(
      "PROVIDER_RATE_LIMITED",
      `${place} was not asked: its turn would not come within ${maxWaitMs} ms under model.limits`,
      {
        nextStep: "Lower --max-concurrency, raise the limits or model.timeout_ms, or add model.fallbacks.",
      },
    );
  }

  return { provider: model.provider, name: model.name, complete };
}

function tokensOf({ inputTokens, outputTokens }: TokenUsage): number {
  return inputTokens + outputTokens;
}

/**
 * Whether a failure speaks against the endpoint. One that refuses a request or a key is up; a rate limit is what the
 * limits and Retry-After are for.
 */
function outcomeOf(error: unknown): CallOutcome {
  if (!(error instanceof ProviderError)) return "ignored";
  switch (error.code) {
    case "PROVIDER_UNAVAILABLE":
    case "PROVIDER_TIMEOUT":
    case "PROVIDER_BAD_RESPONSE":
      return "failure";
    case "PROVIDER_REJECTED":
    case "PROVIDER_AUTH":
      return "success";
    default:
      return "ignored";
  }
}
