import type { RetrievalSearch } from "../core/events.js";

/** An index on disk, after `index build`. */
export interface IndexBuild {
  /** As in the agent file. */
  readonly name: string;
  /** Name of the generation's files. */
  readonly generation: string;
  /** Whether it was built now; otherwise it was up to date. */
  readonly isNew: boolean;
  readonly documents: number;
  readonly chunks: number;
  /** Length of a vector; 0 without vectors. */
  readonly dimensions: number;
  readonly durationMs: number;
}

/** What a search for a reader found. */
export interface IndexSearch {
  readonly query: string;
  readonly reader: { readonly tenant: string; readonly user: string | null };
  /** `null` for plain BM25 in memory, which has nothing to tell. */
  readonly search: RetrievalSearch | null;
  /** Best first. */
  readonly passages: readonly {
    readonly documentId: string;
    readonly chunkId: string;
    readonly title: string;
    readonly section: string;
    readonly updated: string;
    readonly status: "current" | "superseded";
    /** `null`: everybody's. */
    readonly tenant: string | null;
    readonly score: number;
    /** By what gave them: bm25, vector, fused, rerank, similarity. */
    readonly scores: { readonly [by: string]: number };
    readonly text: string;
  }[];
  /** Whether the agent would answer; `null` when it always does. */
  readonly grounding: {
    readonly confidence: number;
    readonly top: number;
    readonly gap: number;
    readonly agreement: number;
    readonly threshold: number;
    readonly isGrounded: boolean;
  } | null;
}
