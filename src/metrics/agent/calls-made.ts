import type { ToolCall } from "../../core/message.js";
import type { ToolCallSpan } from "../../core/trace.js";
import type { ScoredInput } from "../metric.js";

/** A tool call of the trial, and whether the model's arguments could be read. */
export interface CallMade extends ToolCallSpan {
  readonly isMalformed: boolean;
}

/**
 * The tool calls of a trial in order. What the model wrote stands in its reply and what was run in the calls after it:
 * the two belong together by name and order, because an agent numbers its own calls.
 */
export function callsMade({ trial, trace }: ScoredInput): readonly CallMade[] {
  const malformed = new Set<string>();
  let asked: ToolCall[] = [];
  for (const { event_type: type, payload } of trial.events) {
    if (type === "llm_call_end" && payload.speaker === "agent") asked = [...payload.toolCalls];
    if (type !== "tool_call_start") continue;
    const index = asked.findIndex((call) => call.name === payload.name);
    if (index < 0) continue;
    if (asked[index]?.malformedArguments !== undefined) malformed.add(payload.callId);
    asked.splice(index, 1);
  }
  return trace.toolCalls.map((call) => ({ ...call, isMalformed: malformed.has(call.callId) }));
}
