import type { AnswerFacts } from "./answer-facts.js";
import type { Failure } from "./attempt.js";
import type { Backend } from "./backend.js";
import type { Passage } from "./passage.js";

/** How a request went, as events say it. */
export interface Outcome {
  readonly ok: boolean;
  readonly failure: string | null;
}

/** What is the client's doing is no failure of the arm. */
const OF_CLIENTS: ReadonlySet<string> = new Set(["client_gone", "client_slow"]);

/** Of an answer that has ended. */
export function outcomeOf(passage: Passage, failure: Failure | null): Outcome {
  const word = failure ?? (passage.status >= 500 ? "server_error" : passage.hiddenFailure());
  return { ok: word === null || OF_CLIENTS.has(word), failure: word };
}

/** US dollars, `null` when the usage or the price is not known. */
export function costOf(
  backend: Backend,
  facts: AnswerFacts,
  asked: { readonly model: string | null },
): number | null {
  if (facts.usage === null || backend.priceOf === null) return null;
  const model = facts.model ?? backend.model ?? asked.model;
  if (model === null) return null;
  return backend.priceOf(facts.usage, model);
}
