import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { agentDeclined } from "./refusal.js";

const NOT_STATED = "the case does not state whether to refuse";
const source =
  "precision and recall over the trials, refusals by the documented English patterns or a guardrail; Wilson interval";

/** Of the trials in which the agent declined, the share that should have been declined. */
export const abstentionPrecision: CaseMetric = caseMetric({
  name: "abstention.precision",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    'Of the trials in which the agent declined or said "I don\'t know", the share in which the case expects it to: low where it gives up too soon.',
  needs: ["expect.refusal in the case", "a trial in which the agent declined"],
  source,
  range: "0 or 1 a trial",
  rules: {
    empty: "A case that does not state `expect.refusal`: no score. No answer at all is no refusal.",
    refusal: "1 when the case expects it, 0 when it expects an answer. An answer is left out.",
    unsupportedClaim: null,
  },
  agreesWith: "no peer; promptfoo `is-refusal` asserts one refusal",
  aggregate: "proportion",
  score: ({ goldenCase, trial, trace }) => {
    const { refusal } = goldenCase.expect;
    if (refusal === null) return unscored(NOT_STATED);
    if (!agentDeclined(trial, trace)) return unscored("the agent did not decline");
    return refusal ? scored(1) : scored(0, "declined where the case expects an answer");
  },
});

/** Of the trials that should have been declined, the share in which the agent declined. */
export const abstentionRecall: CaseMetric = caseMetric({
  name: "abstention.recall",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    'Of the trials whose case expects the agent to decline or say "I don\'t know", the share in which it did: low where it makes answers up.',
  needs: ["expect.refusal: true in the case"],
  source,
  range: "0 or 1 a trial",
  rules: {
    empty: "A case that does not expect a refusal: no score. No answer at all is no refusal: 0.",
    refusal: "1; an answer where a refusal is expected gives 0.",
    unsupportedClaim: null,
  },
  agreesWith: "no peer; promptfoo `is-refusal` asserts one refusal",
  aggregate: "proportion",
  score: ({ goldenCase, trial, trace }) => {
    const { refusal } = goldenCase.expect;
    if (refusal === null) return unscored(NOT_STATED);
    if (!refusal) return unscored("the case expects an answer");
    return agentDeclined(trial, trace) ? scored(1) : scored(0, "expected a refusal, came an answer");
  },
});
