import { type Features, ngramFeatures } from "../ranking/ngram-features.js";

const BUCKETS = 1 << 16;

/** Counts in how many texts each feature occurs. */
export class DocumentFrequencies {
  private readonly counts = new Uint32Array(BUCKETS);
  private texts = 0;

  add(features: Features): void {
    this.texts += 1;
    const seen = new Set<number>();
    for (const feature of features.keys()) seen.add(feature & (BUCKETS - 1));
    for (const bucket of seen) this.counts[bucket]! += 1;
  }

  weights(): TermWeights {
    const { texts } = this;
    return new TermWeights(
      Float32Array.from(this.counts, (count) => Math.log((texts + 1) / (count + 1)) + 1),
    );
  }
}

/** Inverse document frequency of hashed features: ln((N + 1) / (df + 1)) + 1, by the feature's low 16 bits. */
export class TermWeights {
  /** @throws {RangeError} if the table has another size */
  constructor(private readonly idf: Float32Array) {
    if (idf.length !== BUCKETS) throw new RangeError(`expected ${BUCKETS} weights, found ${idf.length}`);
  }

  static read(bytes: Uint8Array): TermWeights {
    return new TermWeights(new Float32Array(Uint8Array.from(bytes).buffer));
  }

  bytes(): Buffer {
    return Buffer.from(this.idf.buffer, this.idf.byteOffset, this.idf.byteLength);
  }

  of(feature: number): number {
    return this.idf[feature & (BUCKETS - 1)] ?? 1;
  }

  /**
   * How alike a query and a text are: the cosine of their stems and character n-grams, weighted by ln(1 + count) · idf,
   * without the collisions of hashed vectors. A misspelt or inflected word counts in part.
   *
   * @returns in [0, 1]; 0 for a query or a text without a word
   */
  cosine(query: Features, text: string): number {
    const held = ngramFeatures(text);
    let product = 0;
    for (const [feature, count] of query) {
      const other = held.get(feature);
      if (other !== undefined) product += this.weighted(feature, count) * this.weighted(feature, other);
    }
    return product === 0 ? 0 : Math.min(1, product / Math.sqrt(this.squares(query) * this.squares(held)));
  }

  private squares(features: Features): number {
    let sum = 0;
    for (const [feature, count] of features) sum += this.weighted(feature, count) ** 2;
    return sum;
  }

  /** ln(1 + count) · idf. */
  weighted(feature: number, count: number): number {
    return Math.log1p(count) * this.of(feature);
  }
}
