import { type Banding, bandingFor, minHashSignatures, SIGNATURE_LENGTH } from "./min-hash.js";
import { jaccardFrom, shingleSets } from "./shingle-sets.js";

/** What counts as nearly the same text. */
export interface SimilarityOptions {
  /** Least Jaccard similarity of the word shingles, in (0, 1]. */
  readonly threshold: number;
  /** Words in a shingle, at least 1. */
  readonly shingleWords: number;
  /** Seed of the hash functions. */
  readonly seed: number;
}

export interface Match {
  /** Position of the other text. */
  readonly index: number;
  /** Exact Jaccard similarity, at least the threshold. */
  readonly similarity: number;
}

/** What is computed once for many texts and shared by all searches among them. */
export interface Fingerprints {
  readonly sets: readonly Float64Array[];
  readonly signatures: Uint32Array;
  readonly options: SimilarityOptions;
}

export function fingerprint(texts: readonly string[], options: SimilarityOptions): Fingerprints {
  const sets = shingleSets(texts, options.shingleWords);
  return { sets, signatures: minHashSignatures(sets, options.seed), options };
}

/** Many alike texts are told by one of them: after so many matches the search stops. */
const ENOUGH_MATCHES = 64;

/**
 * Finds, among the texts added so far, one that is nearly the same as another. Candidates come from MinHash and
 * banding; each is verified by its exact similarity, so nothing below the threshold is ever reported.
 *
 * @see Leskovec, Rajaraman and Ullman 2020, Mining of Massive Datasets, chapter 3
 */
export class SimilarityIndex {
  private readonly banding: Banding;
  private readonly buckets: readonly Map<number, number[]>[];
  private readonly lastLookUp: Int32Array;

  /** @param fingerprints - of all texts that will be added or looked up, by position */
  constructor(private readonly fingerprints: Fingerprints) {
    this.banding = bandingFor(fingerprints.options.threshold);
    this.buckets = Array.from({ length: this.banding.bands }, () => new Map());
    this.lastLookUp = new Int32Array(fingerprints.sets.length).fill(-1);
  }

  add(index: number): void {
    for (const [band, buckets] of this.buckets.entries()) {
      const key = this.bandKey(index, band);
      const bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, [index]);
      else bucket.push(index);
    }
  }

  /** The most similar text added, the one added first among equals; `null` when none reaches the threshold. */
  match(index: number): Match | null {
    let best: Match | null = null;
    let matches = 0;
    for (const [band, buckets] of this.buckets.entries()) {
      for (const candidate of buckets.get(this.bandKey(index, band)) ?? []) {
        if (this.lastLookUp[candidate] === index || candidate === index) continue;
        this.lastLookUp[candidate] = index;
        const similarity = this.similarity(index, candidate);
        if (similarity === null) continue;
        matches++;
        if (best === null || similarity > best.similarity) best = { index: candidate, similarity };
        if (best.similarity === 1 || matches >= ENOUGH_MATCHES) return best;
      }
    }
    return best;
  }

  /** The exact similarity, or `null` below the threshold. */
  private similarity(a: number, b: number): number | null {
    const { sets, options } = this.fingerprints;
    const left = sets[a]!;
    const right = sets[b]!;
    return jaccardFrom(options.threshold, left, right);
  }

  private bandKey(index: number, band: number): number {
    const start = index * SIGNATURE_LENGTH + band * this.banding.rows;
    let key = 0;
    for (let row = 0; row < this.banding.rows; row++) {
      key = Math.imul(key ^ this.fingerprints.signatures[start + row]!, 0x9e3779b1);
      key ^= key >>> 15;
    }
    return key;
  }
}
