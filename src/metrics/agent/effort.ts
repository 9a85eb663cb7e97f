import type { ModelCallSpan, Trace } from "../../core/trace.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";

function agentCalls(trace: Trace): ModelCallSpan[] {
  return trace.modelCalls.filter((call) => call.speaker === "agent");
}

/** Model calls of the agent that got an answer; retries and a simulated user's calls do not count. */
export const steps: CaseMetric = caseMetric({
  name: "steps",
  layer: "agent",
  unit: "count",
  direction: "lower",
  description:
    "Model calls that the agent needed for a trial, retries and a simulated user's calls aside; mean over trials.",
  needs: ["a model call in the trace"],
  source: "llm_call_end events of the agent",
  range: "0 and up",
  rules: {
    empty: "No model call: no score.",
    refusal: "A declined request counts its calls like any other.",
    unsupportedClaim: null,
  },
  agreesWith: "no peer; promptfoo `trajectory:step-count` counts trace steps, tool calls included",
  aggregate: "mean",
  score: ({ trace }) => {
    const calls = agentCalls(trace);
    if (trace.unreported?.includes("modelCalls"))
      return unscored("the agent does not report its model calls");
    if (calls.length === 0) return unscored("no model call in the trace");
    return scored(calls.filter((call) => call.durationMs !== null).length);
  },
});

/** Share of the agent's model calls that were made again after a failure, of the same model. */
export const retryRate: CaseMetric = caseMetric({
  name: "retry_rate",
  layer: "agent",
  unit: "proportion",
  direction: "lower",
  description:
    "Share of the agent's model calls that repeated a failed call of the same model; calls of a fallback and second calls at the same time are none; mean over trials.",
  needs: ["a model call in the trace"],
  source: "llm_call_start events with attempt above 1 that no fallback or hedge made",
  range: "0 to 1",
  rules: { empty: "No model call: no score.", refusal: null, unsupportedClaim: null },
  agreesWith: "no peer",
  aggregate: "mean",
  score: ({ trace }) => {
    const calls = agentCalls(trace);
    if (calls.length === 0) return unscored("no model call in the trace");
    const repeated = calls.filter(({ attempt, again = "retry" }) => attempt > 1 && again === "retry");
    return scored(repeated.length / calls.length);
  },
});
