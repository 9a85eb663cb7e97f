import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../core/events.js";
import { steps } from "./agent/effort.js";
import { rowOf } from "./row.js";
import { inputOf } from "./testing/trial-builder.js";

const SAYS_NOTHING = { toolCalls: false, retrievals: false, modelCalls: false };

/** The row of an agent that answers "Done." and tells of itself what is given. */
function rowOfAgent(expected: object, ...reports: readonly (typeof SAYS_NOTHING)[]) {
  const { goldenCase, trial } = inputOf({ expect: expected, answer: "Done.", tools: [] });
  const events = reports.map((payload) => ({ event_type: "agent_reported", payload }) as AgentEvent);
  return rowOf(goldenCase, { ...trial, events: [...trial.events, ...events] });
}

const CALLS = { toolCalls: [{ name: "find", args: {} }] };

describe("what an agent does not report", () => {
  it("has no score, also where nothing at all was expected", () => {
    for (const expected of [CALLS, { toolCalls: [] }]) {
      const { scores } = rowOfAgent(expected, SAYS_NOTHING);
      const reason = "the agent does not report its tool calls";
      expect(scores["tool_calls.accuracy"]).toEqual({ value: null, reason });
      expect(scores["task.success"]).toEqual({ value: null, reason });
    }
  });

  it("is known when every report tells of it", () => {
    const tells = { ...SAYS_NOTHING, toolCalls: true };
    expect(rowOfAgent({ toolCalls: [] }, tells, tells).scores["tool_calls.accuracy"]?.value).toBe(1);
    expect(rowOfAgent(CALLS, tells).scores["tool_calls.accuracy"]?.value).toBe(0);
    expect(rowOfAgent(CALLS, tells, SAYS_NOTHING).scores["tool_calls.accuracy"]?.value).toBeNull();
  });

  it("leaves what does not rest on it", () => {
    const { scores } = rowOfAgent({ mustInclude: ["done"] }, SAYS_NOTHING);
    expect(scores["task.success"]?.value).toBe(1);
    expect(scores.must_include?.value).toBe(1);
    expect(scores["retrieval.hit_rate"]?.value).toBeNull();
  });

  it("is not read as a number of model calls", () => {
    const { goldenCase, trial } = inputOf({ answer: "Done." });
    const events = [...trial.events, { event_type: "agent_reported", payload: SAYS_NOTHING } as AgentEvent];
    const row = rowOf(goldenCase, { ...trial, events });
    expect(row.scores[steps.name]).toEqual({
      value: null,
      reason: "the agent does not report its model calls",
    });
  });

  it("is nothing for agents that are built in", () => {
    expect(rowOfAgent({ toolCalls: [] }).scores["tool_calls.accuracy"]?.value).toBe(1);
  });
});
