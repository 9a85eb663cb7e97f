import { expect, it } from "vitest";
import type { AgentEvent, EventPayloads, EventType } from "../core/events.js";
import { traceOf } from "../core/trace.js";
import { spansOf, spanTotalMs } from "./spans.js";
import { sampleTrace } from "./testing/report-samples.js";

const AT = "2026-11-21T06:55:01.000Z";

function eventOf<Type extends EventType>(
  type: Type,
  payload: EventPayloads[Type],
  timestamp = AT,
): AgentEvent {
  return {
    event_id: "e",
    event_type: type,
    timestamp,
    conversation_id: "c",
    tenant_id: "t",
    turn_id: 0,
    trace_id: "trace",
    payload,
  } as unknown as AgentEvent;
}

function modelCall(callId: string, timestamp = AT): AgentEvent {
  const call = {
    callId,
    speaker: "agent",
    provider: "p",
    model: callId,
    messageCount: 1,
    toolCount: 1,
  } as const;
  return eventOf("llm_call_start", { ...call, attempt: 1 }, timestamp);
}

function toolCall(name: string): AgentEvent {
  return eventOf("tool_call_start", { callId: name, name, arguments: {}, sideEffect: false });
}

it("keeps the order of events of one millisecond", () => {
  const trace = traceOf({
    traceId: "trace",
    events: [
      modelCall("a"),
      toolCall("tool-a1"),
      toolCall("tool-a2"),
      eventOf("retrieval_query", { queryId: "q", query: "q", topK: 5 }),
      modelCall("b"),
      toolCall("tool-b"),
      modelCall("c"),
    ],
  });
  expect(spansOf(trace).map((span) => span.label)).toEqual([
    "a",
    "tool-a1",
    "tool-a2",
    "q",
    "b",
    "tool-b",
    "c",
  ]);
});

it("keeps the order of events when the clock was set back, and starts no bar before the page", () => {
  const trace = traceOf({
    traceId: "trace",
    events: [modelCall("a"), modelCall("b", "2026-11-21T06:55:00.900Z")],
  });
  expect(spansOf(trace).map((span) => [span.label, span.startMs])).toEqual([
    ["a", 100],
    ["b", 0],
  ]);
});

it("says that a call was answered from the cache", () => {
  const [call] = sampleTrace("x", 0).modelCalls;
  const trace = { ...sampleTrace("x", 0), modelCalls: [{ ...call!, cached: true }] };
  expect(spansOf(trace)[0]!.facts).toEqual(["cached", "1200 in, 45 out", "$0.0034", "tool_calls"]);
});

it("measures from the first start to the last end", () => {
  const spans = spansOf(sampleTrace("x", 0));
  expect(spans.map((span) => span.startMs)).toEqual([0, 810, 880, 930, 1000]);
  expect(spanTotalMs(spans)).toBe(1000);
  expect(spanTotalMs([])).toBe(1);
});
