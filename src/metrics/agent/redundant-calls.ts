import { canonicalJson } from "../../core/hash.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { renderCall } from "./tool-calls.js";

/** Share of the tool calls that repeat an earlier one although nothing has changed since. */
export const redundantCalls: CaseMetric = caseMetric({
  name: "redundant_calls",
  layer: "agent",
  unit: "proportion",
  direction: "lower",
  description:
    "Share of the tool calls that repeat an earlier call with equal arguments, without a successful call that changes state in between; mean over trials.",
  needs: ["a tool call in the trace"],
  source: "tool_call_start events; state changes by the tools' own `sideEffect`",
  range: "0 to 1, below 1",
  rules: {
    empty:
      "No tool call: no score. A repeat after an error counts. A call that itself changed state makes its repeat count as new; imports that do not say which tools change state count every repeat.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith: "no peer",
  aggregate: "mean",
  score: ({ trace }) => {
    if (trace.toolCalls.length === 0) return unscored("no tool call in the trace");
    const stateOfCall = new Map<string, number>();
    const repeated: string[] = [];
    let state = 0;
    for (const call of trace.toolCalls) {
      const key = `${call.name}\n${canonicalJson(call.arguments)}`;
      if (stateOfCall.get(key) === state) repeated.push(renderCall(call.name, call.arguments));
      stateOfCall.set(key, state);
      if (call.sideEffect && !call.isError) state++;
    }
    const share = repeated.length / trace.toolCalls.length;
    return repeated.length === 0 ? scored(0) : scored(share, `repeated: ${repeated.slice(0, 5).join(", ")}`);
  },
});
