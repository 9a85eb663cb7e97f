import type { RetrievedChunk } from "../../core/events.js";
import type { Trace } from "../../core/trace.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { normaliseText } from "../text.js";

const NO_RETRIEVAL = unscored("the agent retrieved nothing: no retrieval in the trace");

/** Passages of all retrievals of the trial, each once. */
function passagesOf(trace: Trace): readonly RetrievedChunk[] {
  const passages = new Map<string, RetrievedChunk>();
  for (const { chunks } of trace.retrievals) {
    for (const chunk of chunks) passages.set(`${chunk.documentId}\n${chunk.chunkId}\n${chunk.text}`, chunk);
  }
  return [...passages.values()];
}

function textOf({ title = "", text = "" }: RetrievedChunk): string {
  return normaliseText(`${title}\n${text}`);
}

/** Share of the phrases that the case expects in the answer which some retrieved passage holds. */
export const contextRecall: CaseMetric = caseMetric({
  name: "retrieval.context_recall",
  layer: "retrieval",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the phrases that the case expects in the answer which the retrieved text holds: whether the answer could have been right.",
  needs: ["expect.must_include in the case", "a retrieval in the trace, with texts"],
  source:
    "context recall of ragas, with the case's phrases in place of claims of a reference answer and literal occurrence in one passage (case and white space aside) in place of a judge",
  range: "0 to 1",
  rules: {
    empty:
      "A case without `expect.must_include`, a trial without any retrieval, passages without text: no score. A retrieval that found nothing: 0.",
    refusal: null,
    unsupportedClaim: "A phrase that no passage holds counts 0, also when a passage says it in other words.",
  },
  agreesWith:
    "ragas LLMContextRecall and DeepEval ContextualRecall where claims are literal; retrieval.recall is ragas' IDBasedContextRecall",
  aggregate: "mean",
  score: ({ goldenCase, trace }) => {
    const phrases = goldenCase.expect.mustInclude;
    if (phrases.length === 0) return unscored("the case states no phrases to include");
    if (trace.retrievals.length === 0) return NO_RETRIEVAL;
    const passages = passagesOf(trace);
    if (passages.length > 0 && passages.every(({ text = "" }) => text === ""))
      return unscored("the trace holds no text of the retrieved passages");
    const texts = passages.map(textOf);
    const missing = phrases.filter((phrase) => !texts.some((text) => text.includes(normaliseText(phrase))));
    if (missing.length === 0) return scored(1);
    const list = missing.map((phrase) => JSON.stringify(phrase)).join(", ");
    return scored(1 - missing.length / phrases.length, `not retrieved: ${list}`);
  },
});

/** Share of the retrieved passages that belong to an expected source or, without sources, hold an expected phrase. */
export const contextRelevance: CaseMetric = caseMetric({
  name: "retrieval.context_relevance",
  layer: "retrieval",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the retrieved passages that are of an expected source or, in a case without sources, hold a phrase that the answer must include.",
  needs: ["expect.sources or expect.must_include in the case", "a retrieval in the trace"],
  source:
    "contextual relevancy of DeepEval and the first context relevancy of ragas (relevant parts over all parts of the context), by passage, with the case's labels in place of a judge",
  range: "0 to 1",
  rules: {
    empty:
      "A case without sources and phrases, or a trial without any retrieval: no score. A retrieval that found nothing: 0.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith:
    "ragas IDBasedContextPrecision when each passage is a document; ContextRelevance of ragas is a judge's grade 0, 1 or 2, another number",
  aggregate: "mean",
  score: ({ goldenCase, trace }) => {
    const { sources, grades, mustInclude } = goldenCase.expect;
    const isJudgedById = sources.length > 0 || grades !== undefined;
    if (!isJudgedById && mustInclude.length === 0)
      return unscored("the case states neither sources nor phrases to include");
    if (trace.retrievals.length === 0) return NO_RETRIEVAL;
    const passages = passagesOf(trace);
    const documents = new Set(sources);
    const phrases = mustInclude.map(normaliseText);
    const relevant = passages.filter((passage) => {
      if (isJudgedById) return documents.has(passage.documentId);
      const text = textOf(passage);
      return phrases.some((phrase) => text.includes(phrase));
    });
    return scored(passages.length === 0 ? 0 : relevant.length / passages.length);
  },
});
