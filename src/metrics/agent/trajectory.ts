import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { longestInOrder } from "./longest-in-order.js";

/** Share of the expected tool names that were called in the expected order; other calls may lie between. */
export const orderMatch: CaseMetric = caseMetric({
  name: "trajectory.order_match",
  layer: "agent",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the expected tool calls whose names occur in the expected order, other calls aside: longest common subsequence over the calls expected.",
  needs: ["expect.tool_calls in the case, at least one"],
  source: "longest common subsequence of tool names, over the expected calls",
  range: "0 to 1",
  rules: {
    empty: "No call expected: no score. Some expected and none made: 0.",
    refusal: "A refusal makes no call, and is scored by that.",
    unsupportedClaim: null,
  },
  agreesWith:
    "Google Vertex `trajectory_in_order_match` where it is 1; that metric gives 0 to anything less, and compares arguments",
  aggregate: "mean",
  score: ({ goldenCase, trace }) => {
    const { toolCalls } = goldenCase.expect;
    if (toolCalls === null) return unscored("the case states no tool calls");
    if (toolCalls.length === 0) return unscored("the case expects no tool call");
    const made = trace.toolCalls;
    const common = longestInOrder(
      toolCalls.length,
      made.length,
      (i, j) => toolCalls[i]!.name === made[j]!.name,
    );
    return scored(common / toolCalls.length);
  },
});
