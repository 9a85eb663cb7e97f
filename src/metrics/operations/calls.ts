import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";

/** Requests to the agent's model, retries included: what a rate limit counts. */
export const modelCalls: CaseMetric = caseMetric({
  name: "calls.model",
  layer: "operations",
  unit: "count",
  direction: "lower",
  description:
    "Model calls of the agent in a trial, retries and calls without an answer included; mean over trials.",
  needs: ["a model call in the trace"],
  source: "llm_call_start events of the agent",
  range: "0 and up",
  rules: { empty: "No model call: no score.", refusal: null, unsupportedClaim: null },
  agreesWith: "no peer",
  aggregate: "mean",
  score: ({ trace }) => {
    if (trace.unreported?.includes("modelCalls"))
      return unscored("the agent does not report its model calls");
    const calls = trace.modelCalls.filter(({ speaker }) => speaker === "agent");
    return calls.length === 0 ? unscored("no model call in the trace") : scored(calls.length);
  },
});

/** Tool calls that were started, whatever came of them. */
export const toolCalls: CaseMetric = caseMetric({
  name: "calls.tool",
  layer: "operations",
  unit: "count",
  direction: "lower",
  description: "Tool calls in a trial, failed ones included; mean over trials.",
  needs: ["a model or tool call in the trace"],
  source: "tool_call_start events",
  range: "0 and up",
  rules: {
    empty: "A trace with model calls and no tool call: 0. A trace without either: no score.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith: "no peer",
  aggregate: "mean",
  score: ({ trace }) =>
    trace.modelCalls.length + trace.toolCalls.length === 0
      ? unscored("no call in the trace")
      : scored(trace.toolCalls.length),
});

/** Share of the agent's answered model calls that the response cache of the run answered. */
export const cacheHitRate: CaseMetric = caseMetric({
  name: "cache.hit_rate",
  layer: "operations",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the agent's model calls in a trial that a response cache answered; mean over trials. Such trials have no latency.",
  needs: ["an answered model call in the trace"],
  source: "llm_call_end events of the agent with `cached`",
  range: "0 to 1",
  rules: { empty: "No answered model call: no score.", refusal: null, unsupportedClaim: null },
  agreesWith:
    "promptfoo's `cached`, counted by call instead of by test; a provider's prompt cache is tokens.cached",
  aggregate: "mean",
  score: ({ trace }) => {
    const calls = trace.modelCalls.filter(
      ({ speaker, durationMs }) => speaker === "agent" && durationMs !== null,
    );
    if (calls.length === 0) return unscored("no answered model call in the trace");
    return scored(calls.filter(({ cached }) => cached).length / calls.length);
  },
});
