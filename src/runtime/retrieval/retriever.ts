import type { RetrievalSearch, RetrievedChunk } from "../../core/events.js";
import type { Message } from "../../core/message.js";
import type { ModelCaller } from "../model-caller.js";
import type { DocumentStatus } from "./documents/documents.js";

/** A retrieved passage with what the prompt says of its origin. */
export interface Passage extends Required<RetrievedChunk> {
  /** Headings above the passage, outermost first, joined by " > "; empty for a document without headings. */
  readonly section: string;
  /** Date of the document as its author wrote it; empty when not given. */
  readonly updated: string;
  readonly status: DocumentStatus;
  /** Absent for a passage that everybody may read. */
  readonly tenant?: string;
  /** Absent, as ranks are, in what plain BM25 finds. */
  readonly scores?: PassageScores;
  /** 1-based rank of the document by each method that ran; `null` when the method did not find it. */
  readonly ranks?: Readonly<Partial<Record<RetrievalMethod, number | null>>>;
  /** What could not be used for this search, such as an embedding endpoint that was down; absent when nothing. */
  readonly degraded?: readonly string[];
}

/** Finds the passages for a query. Holds no state between searches. */
export interface Retriever {
  /**
   * @param query - any text; a query without a known word gives no passages
   * @param topK - largest number of passages, an integer of at least 1
   * @returns passages, best first; equal scores in document and passage order
   * @throws {RangeError} if `topK` is not an integer of at least 1
   */
  search(query: string, topK: number): readonly Passage[];
  /** SHA-256 over the documents and every parameter that can change a result: part of the agent version. */
  readonly hash: string;
}

/** Scores of a passage by the method that gave them, for the trace; each absent when the method had no say. */
interface PassageScores {
  /** Negated `bm25()` of FTS5, unbounded. */
  readonly bm25?: number;
  /** Cosine of query and passage, -1 to 1. */
  readonly vector?: number;
  /** Reciprocal-rank fusion of the methods; greater than 0. */
  readonly fused?: number;
  /** Of the reranker; its scale is the reranker's own. */
  readonly rerank?: number;
  /** Calibrated similarity of query and passage, 0 to 1; what grounding is assessed by. */
  readonly similarity?: number;
}

export type RetrievalMethod = "bm25" | "vectors";

/** One search on behalf of a reader. */
export interface RetrievalRequest {
  /** Any text; one without a known word gives no passages. */
  readonly query: string;
  /** Largest number of passages, an integer of at least 1. */
  readonly topK: number;
  /** From the session's identity, never from a text; `null` or an unknown name reads shared documents only. */
  readonly tenant: string | null;
  /** From the session's identity; documents of other users are not seen. Default `null`. */
  readonly user?: string | null;
  /** Customer segments that the reader belongs to, for the feature ranker; default none, which says nothing. */
  readonly segments?: readonly string[];
  /** The conversation before the query, for rewriting. Default none. */
  readonly history?: readonly Message[];
  /** Calls the agent's model, for `rewrite: model`. */
  readonly call?: ModelCaller;
  /** Told once how the passages were found; plain BM25 in memory has nothing to tell. */
  readonly onSearch?: (search: RetrievalSearch) => void;
  readonly signal: AbortSignal;
}

/**
 * Finds passages for a reader. Answers at once where nothing has to be waited for (an index in memory, no endpoint),
 * so that a conversation pays for no promise that it does not need.
 */
export interface ContextRetriever {
  /**
   * @returns passages that the reader may see, best first; no superseded document before a current one
   * @throws {RangeError} if `topK` is not an integer of at least 1
   * @throws {ProviderError} when an endpoint fails and `on_failure` is `error`
   */
  search(request: RetrievalRequest): readonly Passage[] | Promise<readonly Passage[]>;
  /** SHA-256 over the documents and every parameter that can change a result: part of the agent version. */
  readonly hash: string;
}
