import type { ChunkRow } from "../index/index-reader.js";

/** A passage to be ranked, with what the search knows of it. */
export interface RerankCandidate {
  readonly row: ChunkRow;
  /** Cosine with the query, -1 to 1. */
  readonly similarity: number;
}

interface RerankRequest {
  readonly query: string;
  /** Best first; all of them may be seen by the reader. */
  readonly candidates: readonly RerankCandidate[];
  /** Customer segments that the reader belongs to; none when nothing is known. */
  readonly segments: readonly string[];
  readonly signal: AbortSignal;
}

/** Gives each candidate a score of its own. */
export interface Reranker {
  /** `features`, or the model of an endpoint. */
  readonly name: string;
  /** Everything that can change a score; part of the agent version. */
  readonly identity: unknown;
  /**
   * @returns a finite score for each candidate, in the order of the candidates, higher is better; `null` for one that
   *   was not scored: it comes after those that were
   * @throws {ProviderError} when an endpoint cannot answer
   */
  rerank(request: RerankRequest): readonly (number | null)[] | Promise<readonly (number | null)[]>;
}
