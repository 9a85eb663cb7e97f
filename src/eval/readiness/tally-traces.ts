import type { AgentEvent, EventPayloads } from "../../core/events.js";
import type { TraceTally } from "./facts.js";

const NOTHING: TraceTally = {
  trials: 0,
  modelCalls: 0,
  namedModelCalls: 0,
  models: [],
  searches: 0,
  recordedSearches: 0,
  toolCalls: 0,
  recordedToolCalls: 0,
  silent: { modelCalls: 0, searches: 0, toolCalls: 0 },
};

/**
 * Counts what the events of trials hold.
 *
 * @param placeholder - model that stands where an external agent does not say which it asked
 */
export function tallyTraces(trials: Iterable<readonly AgentEvent[]>, placeholder: string | null): TraceTally {
  let total = NOTHING;
  for (const events of trials) total = sum(total, ofTrial(events, placeholder));
  return total;
}

function ofTrial(events: readonly AgentEvent[], placeholder: string | null): TraceTally {
  const calls = of(events, "llm_call_start").filter(({ speaker }) => speaker === "agent");
  const named = calls.filter(({ model }) => model !== "" && model !== placeholder);
  const results = new Map(of(events, "retrieval_result").map((result) => [result.queryId, result]));
  const searches = of(events, "retrieval_query");
  const ended = new Set(of(events, "tool_call_end").map(({ callId }) => callId));
  const tools = of(events, "tool_call_start");
  const reports = of(events, "agent_reported");
  const silent = (what: "modelCalls" | "retrievals" | "toolCalls") =>
    reports.some((one) => !one[what]) ? 1 : 0;
  return {
    trials: 1,
    modelCalls: calls.length,
    namedModelCalls: named.length,
    models: [...new Set(named.map(({ provider, model }) => `${provider}/${model}`))],
    searches: searches.length,
    recordedSearches: searches.filter(
      ({ queryId }) => results.get(queryId)?.chunks.every(({ text }) => text !== undefined) === true,
    ).length,
    toolCalls: tools.length,
    recordedToolCalls: tools.filter(({ callId }) => ended.has(callId)).length,
    silent: {
      modelCalls: silent("modelCalls"),
      searches: silent("retrievals"),
      toolCalls: silent("toolCalls"),
    },
  };
}

function of<Type extends AgentEvent["event_type"]>(
  events: readonly AgentEvent[],
  type: Type,
): readonly EventPayloads[Type][] {
  return events.flatMap((event) => (event.event_type === type ? [event.payload as EventPayloads[Type]] : []));
}

function sum(a: TraceTally, b: TraceTally): TraceTally {
  return {
    trials: a.trials + b.trials,
    modelCalls: a.modelCalls + b.modelCalls,
    models: [...new Set([...a.models, ...b.models])],
    namedModelCalls: a.namedModelCalls + b.namedModelCalls,
    searches: a.searches + b.searches,
    recordedSearches: a.recordedSearches + b.recordedSearches,
    toolCalls: a.toolCalls + b.toolCalls,
    recordedToolCalls: a.recordedToolCalls + b.recordedToolCalls,
    silent: {
      modelCalls: a.silent.modelCalls + b.silent.modelCalls,
      searches: a.silent.searches + b.silent.searches,
      toolCalls: a.silent.toolCalls + b.silent.toolCalls,
    },
  };
}
