import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored } from "../scores.js";

/** Names of tools that hand over, as in tau-bench and tau2-bench. */
const HAND_OVER = /^transfer_to_human/;

/** `escalation-tool:open_ticket` on a case: a call of `open_ticket` hands it over. */
const TAG = "escalation-tool:";

/** Share of trials that the agent handed over to a human. */
export const escalationRate: CaseMetric = caseMetric({
  name: "escalation_rate",
  layer: "agent",
  unit: "proportion",
  direction: "lower",
  description:
    "Share of trials handed over to a human: a call of a tool whose name begins with `transfer_to_human`, or of one that a tag `escalation-tool:NAME` of the case names.",
  needs: ["nothing"],
  source: "tool_call_start and tool_call_end events",
  range: "0 or 1 a trial",
  rules: {
    empty: "No tool call: 0.",
    refusal: "Declining without a hand-over is none.",
    unsupportedClaim: null,
  },
  agreesWith: "no peer",
  aggregate: "proportion",
  score: ({ goldenCase, trace }) => {
    const named = goldenCase.tags.filter((tag) => tag.startsWith(TAG)).map((tag) => tag.slice(TAG.length));
    const handOver = trace.toolCalls.find(
      ({ name, isError }) => !isError && (HAND_OVER.test(name) || named.includes(name)),
    );
    return handOver === undefined ? scored(0) : scored(1, `called ${handOver.name}`);
  },
});
