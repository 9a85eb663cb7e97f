import type { Clock } from "../../../core/clock.js";
import type { EndpointClient, EndpointReply } from "../http/endpoint-client.js";
import { failureOf } from "../http/error-of-reply.js";

/** What one probe found. */
export interface ProbeFinding {
  readonly state: "pass" | "fail" | "unknown";
  readonly evidence: string;
}

/** What a probe works with. */
export interface ProbeContext {
  readonly client: EndpointClient;
  readonly model: string;
  readonly clock: Clock;
  /** What limits the answer at this endpoint: newer models of OpenAI refuse the older name. */
  readonly limitField: "max_tokens" | "max_completion_tokens";
  readonly signal: AbortSignal;
}

export function pass(evidence: string): ProbeFinding {
  return { state: "pass", evidence };
}

export function fail(evidence: string): ProbeFinding {
  return { state: "fail", evidence };
}

export function unknown(evidence: string): ProbeFinding {
  return { state: "unknown", evidence };
}

/** Refusals that say nothing of the capability: no key, too many requests, too slow. */
const SETTLES_NOTHING: ReadonlySet<number> = new Set([401, 403, 407, 408, 425, 429]);

/** What a refusal means: the endpoint cannot do it, or nobody can tell. */
export function refused(reply: EndpointReply): ProbeFinding {
  const isAnswer = reply.status >= 400 && reply.status < 500 && !SETTLES_NOTHING.has(reply.status);
  const cannot = isAnswer || reply.status === 501;
  return cannot ? fail(failureOf(reply)) : unknown(failureOf(reply));
}

/** One user message, and a bound on the answer. */
export function question(context: Pick<ProbeContext, "model" | "limitField">, text: string, tokens: number) {
  return {
    model: context.model,
    messages: [{ role: "user", content: text }],
    temperature: 0,
    [context.limitField]: tokens,
  };
}

export const CHAT = "/v1/chat/completions";
