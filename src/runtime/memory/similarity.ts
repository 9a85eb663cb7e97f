import { TermWeights } from "../retrieval/index/term-weights.js";
import type { Embedder } from "../retrieval/ranking/embedder.js";
import { ngramFeatures } from "../retrieval/ranking/ngram-features.js";
import type { Fact, MemoryScope } from "./fact.js";
import type { MemoryStore } from "./memory-store.js";

/** Similarities of facts to a query, each 0 to 1, in the order of the facts. */
export type Similarity = (
  query: string,
  facts: readonly Fact[],
  signal: AbortSignal,
) => readonly number[] | Promise<readonly number[]>;

/** One weight for all features: the few facts of one user say nothing of how rare a word is. */
const EQUAL_WEIGHTS = new TermWeights(new Float32Array(1 << 16).fill(1));

/**
 * The cosine of hashed stems and character n-grams: a lexical baseline that finds inflected and misspelt words, never a
 * synonym.
 */
export const baselineSimilarity: Similarity = (query, facts) => {
  const features = ngramFeatures(query);
  return facts.map((fact) => EQUAL_WEIGHTS.cosine(features, comparable(fact)));
};

/**
 * The cosine of vectors of an endpoint; opposite directions count as 0. Vectors of facts are made once and kept beside
 * them in the store.
 */
export function embeddedSimilarity(store: MemoryStore, scope: MemoryScope, embedder: Embedder): Similarity {
  return async (query, facts, signal) => {
    const known = store.vectors(scope, embedder.name);
    const missing = facts.filter(({ id }) => !known.has(id));
    const texts = missing.map(comparable);
    const made = texts.length === 0 ? [] : await embedder.embed(texts, "document", signal);
    const fresh = new Map(missing.map(({ id }, index) => [id, made[index] as Float32Array] as const));
    if (fresh.size > 0) store.putVectors(scope, embedder.name, fresh);
    const [asked = new Float32Array()] = await embedder.embed([query], "query", signal);
    return facts.map(({ id }) => cosine(asked, fresh.get(id) ?? known.get(id) ?? asked.subarray(0, 0)));
  };
}

/** What is compared with a query: the property names the topic where the text alone does not. */
function comparable({ attribute, subject, text }: Fact): string {
  const named = /^[0-9a-f]{12,}$/.test(attribute) ? "" : attribute;
  return `${subject === "user" ? "" : subject} ${named} ${text}`.trim();
}

/** Of vectors of length 1; of vectors of different models' lengths: 0. */
function cosine(left: Float32Array, right: Float32Array): number {
  if (left.length !== right.length) return 0;
  let product = 0;
  for (let at = 0; at < left.length; at += 1) product += (left[at] as number) * (right[at] as number);
  return Math.min(1, Math.max(0, product));
}
