import type { Found } from "./find-candidates.js";
import type { IndexReader } from "./index/index-reader.js";
import { currentFirst } from "./index/replaced.js";
import { embeddedText } from "./index/write-index.js";
import { diversify } from "./ranking/diversify.js";
import { ngramFeatures } from "./ranking/ngram-features.js";

export interface Ordered {
  readonly found: Found;
  readonly status: Found["status"];
  /** Score of the reranker; `null` when it gave none. */
  readonly rerank: number | null;
}

export interface OrderOptions {
  readonly index: IndexReader;
  readonly topK: number;
  /** `null`: no diversification. */
  readonly mmrLambda: number | null;
}

/**
 * Puts candidates into their last order and takes the first `topK`: by the reranker's scores where there are some, then
 * diversified, and whatever these say, no superseded document before a current one.
 *
 * @param scores - of the first candidates, in their order
 */
export function orderPassages(
  found: readonly Found[],
  scores: readonly (number | null)[] | null,
  options: OrderOptions,
): readonly Ordered[] {
  const { topK, mmrLambda } = options;
  const withScores = found.map((one, at) => ({
    found: one,
    status: one.status,
    rerank: scores?.[at] ?? null,
  }));
  const ranked = currentFirst(scores === null ? withScores : byScore(withScores));
  if (mmrLambda === null) return ranked.slice(0, topK);
  const current = ranked.filter(({ status }) => status === "current");
  const superseded = ranked.slice(current.length);
  const chosen = varied(current, options.index, mmrLambda, topK);
  return [...chosen, ...varied(superseded, options.index, mmrLambda, topK - chosen.length)];
}

/** Scored candidates first, best first; the others follow in their order. */
function byScore(ordered: readonly Ordered[]): Ordered[] {
  return [...ordered].sort(
    (a, b) => (b.rerank ?? Number.NEGATIVE_INFINITY) - (a.rerank ?? Number.NEGATIVE_INFINITY) || 0,
  );
}

function varied(ordered: readonly Ordered[], index: IndexReader, lambda: number, most: number): Ordered[] {
  const places = new Map(ordered.map((one, at) => [one, 1 - at / ordered.length]));
  const words = new Map<Ordered, ReadonlySet<number>>();
  const wordsOf = (one: Ordered) => {
    const known = words.get(one) ?? new Set(ngramFeatures(embeddedText(one.found.row)).keys());
    words.set(one, known);
    return known;
  };
  return diversify(ordered, {
    // Scores of methods and rerankers have no common scale; places have.
    relevance: (one) => places.get(one) ?? 0,
    likeness: (a, b) => vectorLikeness(index, a, b) ?? overlap(wordsOf(a), wordsOf(b)),
    lambda,
    most,
  });
}

function vectorLikeness(index: IndexReader, a: Ordered, b: Ordered): number | null {
  const first = index.vectorOf(a.found.row.chunk);
  const second = index.vectorOf(b.found.row.chunk);
  if (first === null || second === null) return null;
  let sum = 0;
  for (let at = 0; at < first.length; at += 1) sum += first[at]! * second[at]!;
  return Math.max(0, sum);
}

/** Jaccard index of two sets; 0 for two empty ones. */
function overlap(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let common = 0;
  for (const feature of a) if (b.has(feature)) common += 1;
  const all = a.size + b.size - common;
  return all === 0 ? 0 : common / all;
}
