export interface RecallWeights {
  /** Weight of similarity, 0 to 1; that of recency is 1 − alpha. */
  readonly alpha: number;
  /** Age at which recency is one half, milliseconds, above 0. */
  readonly halfLifeMs: number;
}

/**
 * How much a fact deserves to be recalled: α·similarity + (1 − α)·exp(−ln 2 · age / half-life).
 *
 * Grows with similarity and shrinks with age. A fact from the future (clocks differ) counts as new.
 *
 * @param similarity - of the fact to what was said, 0 to 1
 * @param ageMs - milliseconds since the fact was observed
 * @returns 0 to 1
 * @throws {RangeError} if similarity, alpha or half-life is outside its range
 */
export function recallScore(similarity: number, ageMs: number, { alpha, halfLifeMs }: RecallWeights): number {
  if (!(similarity >= 0 && similarity <= 1)) throw new RangeError(`expected 0 to 1, found ${similarity}`);
  if (!(alpha >= 0 && alpha <= 1)) throw new RangeError(`expected alpha from 0 to 1, found ${alpha}`);
  if (!(halfLifeMs > 0)) throw new RangeError(`expected a half-life above 0, found ${halfLifeMs}`);
  const recency = Math.exp((-Math.LN2 * Math.max(0, ageMs)) / halfLifeMs);
  return Math.min(1, alpha * similarity + (1 - alpha) * recency);
}
