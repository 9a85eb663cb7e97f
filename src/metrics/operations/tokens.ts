import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";

/** Input and output tokens of the agent's model calls in a trial; a simulated user's calls do not count. */
export const totalTokens: CaseMetric = caseMetric({
  name: "tokens.total",
  layer: "operations",
  unit: "tokens",
  direction: "lower",
  description: "Input plus output tokens of the agent's model calls in a trial; mean over trials.",
  needs: ["usage of every model call that ended"],
  source: "usage as the provider reports it, cached input included",
  range: "0 and up",
  rules: {
    empty: "A call whose provider reports no usage: no score for the trial.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith: "no peer",
  aggregate: "mean",
  score: ({ trace }) => {
    let tokens = 0;
    let calls = 0;
    for (const call of trace.modelCalls) {
      if (call.speaker !== "agent" || call.durationMs === null) continue;
      if (call.usage === null) return unscored("a model call has no reported usage");
      tokens += call.usage.inputTokens + call.usage.outputTokens;
      calls++;
    }
    return calls === 0 ? unscored("no model call in the trace") : scored(tokens);
  },
});
