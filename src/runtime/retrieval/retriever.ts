import type { RetrievedChunk } from "../../core/events.js";
import type { DocumentStatus } from "./documents.js";

/** A retrieved passage with what the prompt says of its origin. */
export interface Passage extends Required<RetrievedChunk> {
  /** Headings above the passage, outermost first, joined by " > "; empty for a document without headings. */
  readonly section: string;
  /** Date of the document as its author wrote it; empty when not given. */
  readonly updated: string;
  readonly status: DocumentStatus;
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
