import type { Trace } from "../core/trace.js";

/** What is to be said of cost and time of a trial whose calls the response cache answered; `null` when it answered none. */
export function cachedCallsNote({ modelCalls }: Trace): string | null {
  const cached = modelCalls.filter((call) => call.cached).length;
  if (cached === 0) return null;
  const count = `${cached} of ${modelCalls.length} model ${modelCalls.length === 1 ? "call" : "calls"}`;
  return `${count} answered from the cache: cost is what the reply costs today, time is that of the cache`;
}
