import type { SpanContext, SpanFacts } from "../parts.js";
import type { AnswerFacts } from "./answer-facts.js";
import { OPERATIONS, type Wire } from "./api-routes.js";
import type { Backend } from "./backend.js";
import type { RequestFacts } from "./request-facts.js";

export interface TracedRequest {
  readonly context: SpanContext;
  /** `null`: a path that is not passed on. */
  readonly wire: Wire | null;
  readonly backend: Backend | null;
  readonly asked: RequestFacts;
  readonly answered: AnswerFacts | null;
}

/** What the span of a request tells of models and servers. A server of no known provider is named by the API that it speaks. */
export function spanFacts({ context, wire, backend, asked, answered }: TracedRequest): SpanFacts {
  const isOfModel = wire !== null && OPERATIONS[wire] !== null;
  return {
    context,
    provider: isOfModel ? (backend?.provider ?? (wire === "messages" ? "anthropic" : "openai")) : null,
    server: backend?.server ?? null,
    requestModel: isOfModel ? (backend?.model ?? asked.model) : null,
    responseModel: answered?.model ?? null,
  };
}
