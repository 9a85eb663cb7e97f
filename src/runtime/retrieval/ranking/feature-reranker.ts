import { countWords } from "../documents/sections.js";
import type { FeatureName, RankerFile } from "./ranker-file.js";
import type { RerankCandidate, Reranker } from "./reranker.js";

const DAY_MS = 86_400_000;
/** Of a feature that nothing is known of: it neither helps nor harms. */
const UNKNOWN = 0.5;

/**
 * Ranks by a weighted sum of features in [0, 1]; see {@link featuresOf}. Deterministic: the age of a document is
 * counted from the newest candidate, not from today.
 */
export function featureReranker(ranker: RankerFile): Reranker {
  const usefulness = new Map(Object.entries(ranker.usefulness));
  return {
    name: "features",
    identity: { ...ranker, trained: undefined },
    rerank({ candidates, segments }) {
      const newest = Math.max(
        ...candidates.map(({ row }) => Date.parse(row.updated)).filter(Number.isFinite),
      );
      const mostSimilar = Math.max(...candidates.map(({ similarity }) => similarity));
      return candidates.map((candidate) => {
        const features = featuresOf(candidate, { ranker, usefulness, newest, mostSimilar, segments });
        let score = ranker.bias;
        for (const [name, value] of Object.entries(features))
          score += ranker.weights[name as FeatureName] * value;
        return score;
      });
    },
  };
}

interface FeatureContext {
  readonly ranker: RankerFile;
  readonly usefulness: ReadonlyMap<string, number>;
  /** Of the candidates, milliseconds since the epoch; not finite when none has a date. */
  readonly newest: number;
  /** Highest similarity of a candidate. */
  readonly mostSimilar: number;
  readonly segments: readonly string[];
}

/**
 * Features of a passage, each 0 to 1, more is better; 0.5 where nothing is known.
 *
 * - similarity: similarity to the query over that of the most similar candidate; negative ones count as 0
 * - recency: 0.5 ^ (age / half-life), age from the newest candidate
 * - authority: 1 for a current document, 0 for a superseded one
 * - usefulness: how often the document helped, from the weights file
 * - safety: `trust` of the document
 * - segment: 1 when the document is for a customer segment of the reader, 0 when for another
 * - length: the shorter over the longer of the passage and the ideal length in words
 */
function featuresOf(candidate: RerankCandidate, context: FeatureContext): Record<FeatureName, number> {
  const { row, similarity } = candidate;
  const { ranker, usefulness, newest, mostSimilar, segments } = context;
  const ageDays = (newest - Date.parse(row.updated)) / DAY_MS;
  const words = countWords(row.text);
  return {
    similarity: mostSimilar > 0 ? Math.max(0, similarity) / mostSimilar : UNKNOWN,
    recency: Number.isFinite(ageDays) ? 0.5 ** (ageDays / ranker.recency_half_life_days) : UNKNOWN,
    authority: row.status === "current" ? 1 : 0,
    usefulness: usefulness.get(row.documentId) ?? UNKNOWN,
    safety: row.trust,
    segment: row.segment === null || segments.length === 0 ? UNKNOWN : segments.includes(row.segment) ? 1 : 0,
    length: Math.min(words, ranker.length_words) / Math.max(words, ranker.length_words),
  };
}
