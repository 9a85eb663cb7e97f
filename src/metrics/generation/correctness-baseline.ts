import type { CaseMetric } from "../metric.js";
import { contentWords } from "../text.js";
import { f1, referenceMetric } from "./reference.js";

/**
 * F1 over the distinct content words of the answer and the reference: stop words left out, English endings cut,
 * equal numbers in one spelling. A baseline: it sees shared words, not whether the answer is right.
 */
export const correctnessBaseline: CaseMetric = referenceMetric(
  {
    name: "correctness_baseline",
    description:
      "Overlap (F1) of the content words of the answer and the reference answer: a baseline without a judge, blind to negation and paraphrase.",
    source: "F1 over distinct content words, in place of the judged claims of ragas' answer correctness",
    emptyReference: "A reference without content words: no score.",
    agreesWith: "no peer: correctness elsewhere is a judge's verdict",
  },
  (answer, reference) => {
    const wanted = contentWords(reference);
    if (wanted.size === 0) return { unscored: "the reference answer has no content words" };
    const found = contentWords(answer);
    let shared = 0;
    for (const word of wanted) if (found.has(word)) shared++;
    return f1(shared, found.size, wanted.size);
  },
);
