import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { citationsOf } from "./citations.js";
import { agentDeclined } from "./refusal.js";

/**
 * Share of the distinct citations in the final answer that are right: the document was retrieved in this
 * trial and, where the case states sources, is one of them. An answer without citations scores 0 when the
 * case states sources (something had to be cited) and has no score when it does not, or when it declines.
 */
export const citationAccuracy: CaseMetric = caseMetric({
  name: "citation_accuracy",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the [document-id] citations in the answer that were retrieved and, where the case states sources, are among them; 0 when sources were expected and nothing is cited.",
  needs: ["a [document-id] citation in the answer, or expect.sources in the case"],
  source:
    "citation precision as in ALCE (Gao et al. 2023), with the case's sources in place of an entailment model",
  range: "0 to 1",
  rules: {
    empty:
      "Nothing cited: 0 where the case states sources, else no score. `citation_precision` gives no score in both.",
    refusal: "A refusal that cites nothing: no score.",
    unsupportedClaim: "A claim without a citation makes no difference; `faithfulness` sees it.",
  },
  agreesWith: "no peer",
  aggregate: "mean",
  score: ({ goldenCase, trial, trace }) => {
    const { sources } = goldenCase.expect;
    const citations = citationsOf(goldenCase, trace);
    if (citations.length === 0) {
      if (sources.length === 0) return unscored("the answer cites nothing and the case states no sources");
      if (agentDeclined(trial, trace)) return unscored("the agent declined, so there was nothing to cite");
      return scored(0, `expected a citation of ${sources.join(", ")}; the answer cites nothing`);
    }
    const wrong = citations.filter(
      ({ documentId, retrieved }) => !retrieved || (sources.length > 0 && !sources.includes(documentId)),
    );
    if (wrong.length === 0) return scored(1);
    const names = wrong.map(({ documentId, retrieved }) =>
      retrieved ? `${documentId} (not an expected source)` : `${documentId} (not retrieved)`,
    );
    return scored(1 - wrong.length / citations.length, `wrong: ${names.join(", ")}`);
  },
});
