import type { TermWeights } from "../index/term-weights.js";
import { type Embedder, normalise } from "./embedder.js";
import { type Features, ngramFeatures } from "./ngram-features.js";

const HASHED_NGRAM = "hashed-ngram";

/**
 * A lexical baseline, not a semantic model: stems and character n-grams, weighted by TF-IDF and hashed with signs into
 * a short vector. Finds misspelt, inflected and compound words that BM25 misses, never a synonym. Deterministic, without
 * a network or a download.
 *
 * @param weights - learned from the texts of the index
 * @param dimensions - length of a vector, at least 1
 * @see Weinberger et al. 2009, Feature Hashing for Large Scale Multitask Learning
 */
export function hashedNgramEmbedder(weights: TermWeights, dimensions: number): Embedder {
  return {
    name: HASHED_NGRAM,
    dimensions,
    embed: (texts) => texts.map((text) => vectorOf(ngramFeatures(text), weights, dimensions)),
  };
}

function vectorOf(features: Features, weights: TermWeights, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [feature, count] of features) {
    const value = weights.weighted(feature, count);
    // The low bits choose the weight; place and sign come from others.
    const place = (feature >>> 1) % dimensions;
    vector[place]! += (feature & 0x80000000) === 0 ? value : -value;
  }
  return normalise(vector);
}
