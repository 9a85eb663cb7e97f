import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { taskSuccess } from "./task-success.js";

/** Share of a trial's tool errors that the agent got over. */
export const recoveryRate: CaseMetric = caseMetric({
  name: "recovery_rate",
  layer: "agent",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of tool errors that the agent got over: a later call of the same tool succeeded, or the task did; mean over trials with an error.",
  needs: ["a tool call that failed"],
  source: "tool_call_end events with isError",
  range: "0 to 1",
  rules: {
    empty: "No tool error: no score. A call without a recorded end neither failed nor succeeded.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith: "no peer",
  aggregate: "mean",
  score: (input) => {
    const { toolCalls } = input.trace;
    const failed = toolCalls.flatMap((call, index) => (call.isError ? [index] : []));
    if (failed.length === 0) return unscored("no tool call failed");
    if (taskSuccess.score(input).value === 1) return scored(1);
    const recovered = failed.filter((at) =>
      toolCalls
        .slice(at + 1)
        .some((later) => later.name === toolCalls[at]!.name && later.result !== null && !later.isError),
    );
    return scored(recovered.length / failed.length);
  },
});
