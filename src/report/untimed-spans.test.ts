import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../core/events.js";
import { traceOf } from "../core/trace.js";
import { spansOf } from "./spans.js";

const events = [
  ["tool_call_start", { callId: "t-0", name: "find", arguments: {}, sideEffect: false }],
  [
    "tool_call_end",
    { callId: "t-0", name: "find", result: "", isError: false, truncatedChars: 0, durationMs: null },
  ],
  ["retrieval_query", { queryId: "q-0", query: "hours", topK: 1 }],
  ["retrieval_result", { queryId: "q-0", chunks: [], durationMs: null }],
  ["tool_call_start", { callId: "t-1", name: "cut", arguments: {}, sideEffect: false }],
  ["retrieval_query", { queryId: "q-1", query: "cut", topK: 1 }],
].map(
  ([event_type, payload]) =>
    ({ event_type, payload, timestamp: "2026-11-21T10:00:00.000Z", turn_id: 0 }) as unknown as AgentEvent,
);

describe("spans that an agent reported without a time", () => {
  it("have ended all the same, unlike those that were cut off", () => {
    const spans = spansOf(traceOf({ traceId: "t", events }));
    expect(
      spans.map(({ label, durationMs, isUntimed, isError }) => [label, durationMs, isUntimed, isError]),
    ).toEqual([
      ["find", null, true, false],
      ["hours", null, true, false],
      ["cut", null, undefined, true],
      ["cut", null, undefined, true],
    ]);
  });
});
