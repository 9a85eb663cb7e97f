type EmbeddedKind = "document" | "query";

/** Turns texts into vectors of one length. */
export interface Embedder {
  /** As in configuration and trace, e.g. `hashed-ngram` or `text-embedding-3-small`. */
  readonly name: string;
  readonly dimensions: number | null;
  /**
   * @returns one vector of length 1 for each text, in order (a text without a word may give zeros); at once
   *   where nothing has to be waited for
   * @throws {ProviderError} when an endpoint cannot answer
   */
  embed(
    texts: readonly string[],
    kind: EmbeddedKind,
    signal: AbortSignal,
  ): readonly Float32Array[] | Promise<readonly Float32Array[]>;
}

/** Scales a vector to length 1 in place; zeros stay zeros. */
export function normalise(vector: Float32Array): Float32Array {
  let squares = 0;
  for (let at = 0; at < vector.length; at += 1) squares += vector[at]! * vector[at]!;
  if (squares === 0) return vector;
  const scale = 1 / Math.sqrt(squares);
  for (let at = 0; at < vector.length; at += 1) vector[at]! *= scale;
  return vector;
}
