import { describe, expect, it } from "vitest";
import type { AgentEvent, EventPayloads } from "../../core/events.js";
import { tallyTraces } from "./tally-traces.js";

function event<Type extends AgentEvent["event_type"]>(
  type: Type,
  payload: Partial<EventPayloads[Type]>,
): AgentEvent {
  return { event_type: type, payload } as unknown as AgentEvent;
}

const call = (model: string, speaker: "agent" | "user" = "agent") =>
  event("llm_call_start", { speaker, provider: "http", model });

describe("what traces hold", () => {
  it("counts the agent's calls, those that name a model, and each model once", () => {
    const found = tallyTraces(
      [
        [call("m-1"), call("m-1"), call("shop")],
        [call("m-2"), call("u", "user")],
      ],
      "shop",
    );
    expect(found).toMatchObject({
      trials: 2,
      modelCalls: 4,
      namedModelCalls: 3,
      models: ["http/m-1", "http/m-2"],
    });
    expect(tallyTraces([[call("shop")]], null).namedModelCalls).toBe(1);
  });

  it("takes a search for whole only with the text of every passage", () => {
    const search = (queryId: string) => event("retrieval_query", { queryId, query: "?", topK: 1 });
    const result = (queryId: string, ...texts: (string | undefined)[]) =>
      event("retrieval_result", {
        queryId,
        chunks: texts.map((text) => ({ documentId: "d", score: 1, ...(text === undefined ? {} : { text }) })),
      });
    const trials = [
      [search("a"), result("a", "x", "y"), search("b"), result("b", "x", undefined), search("c")],
    ];
    expect(tallyTraces(trials, null)).toMatchObject({ searches: 3, recordedSearches: 1 });
  });

  it("knows a tool call without a result, and what an agent does not tell", () => {
    const trials = [
      [
        event("tool_call_start", { callId: "1" }),
        event("tool_call_end", { callId: "1" }),
        event("tool_call_start", { callId: "2" }),
        event("agent_reported", { toolCalls: true, retrievals: false, modelCalls: false }),
      ],
    ];
    expect(tallyTraces(trials, null)).toMatchObject({
      toolCalls: 2,
      recordedToolCalls: 1,
      silent: { modelCalls: 1, searches: 1, toolCalls: 0 },
    });
  });
});
