import { caseMetric } from "../case-metric.js";
import type { CaseMetric, ScoredInput } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { citationsOf } from "./citations.js";
import { agentDeclined } from "./refusal.js";

/** Documents that the answer cites after they were retrieved, in lower case, and how many it cites in all. */
function citedDocuments({ goldenCase, trace }: ScoredInput) {
  const citations = citationsOf(goldenCase, trace);
  const retrieved = citations.filter((citation) => citation.retrieved);
  return {
    total: citations.length,
    retrieved: new Set(retrieved.map(({ documentId }) => documentId.toLowerCase())),
  };
}

/** Share of the distinct cited documents that were retrieved and, where the case states sources, are among them. */
export const citationPrecision: CaseMetric = caseMetric({
  name: "citation_precision",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the documents that the answer cites as [document-id] which were retrieved and, where the case states sources, are among them.",
  needs: ["a [document-id] citation in the answer"],
  source:
    "citation precision as in ALCE (Gao et al. 2023), with the case's sources in place of an entailment model",
  range: "0 to 1",
  rules: {
    empty: "An answer that cites nothing: no score, as precision of nothing is not defined.",
    refusal: "A refusal that cites nothing: no score; its citations count otherwise.",
    unsupportedClaim: "A claim without a citation makes no difference; `faithfulness` sees it.",
  },
  agreesWith: "no peer",
  aggregate: "mean",
  score: (input) => {
    const { total, retrieved } = citedDocuments(input);
    if (total === 0) return unscored("the answer cites nothing");
    const sources = new Set(input.goldenCase.expect.sources.map((source) => source.toLowerCase()));
    const right = [...retrieved].filter((document) => sources.size === 0 || sources.has(document));
    return scored(right.length / total);
  },
});

/** Share of the case's sources that the answer cites after they were retrieved. */
export const citationRecall: CaseMetric = caseMetric({
  name: "citation_recall",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the case's sources that were retrieved and that the answer cites as [document-id]; a source cited without having been read does not count.",
  needs: ["expect.sources in the case", "an answer that does not decline"],
  source:
    "citation recall as in ALCE (Gao et al. 2023), over the case's sources instead of the answer's statements",
  range: "0 to 1",
  rules: {
    empty: "A case without sources: no score. An answer that cites nothing, or no answer: 0.",
    refusal: "A refusal had nothing to cite: no score.",
    unsupportedClaim: "Makes no difference.",
  },
  agreesWith: "no peer",
  aggregate: "mean",
  score: (input) => {
    const { sources } = input.goldenCase.expect;
    if (sources.length === 0) return unscored("the case states no sources");
    if (agentDeclined(input.trial, input.trace)) {
      return unscored("the agent declined, so there was nothing to cite");
    }
    const { retrieved } = citedDocuments(input);
    const wanted = new Map(sources.map((source) => [source.toLowerCase(), source]));
    const missing = [...wanted].filter(([key]) => !retrieved.has(key)).map(([, source]) => source);
    if (missing.length === 0) return scored(1);
    return scored(1 - missing.length / wanted.size, `not cited: ${missing.join(", ")}`);
  },
});
