import { type RetrievalConfig, retrievalSchema } from "../../../config/agent/retrieval-schema.js";
import type { KnowledgeDocument } from "../documents/documents.js";
import type { IndexReader } from "../index/index-reader.js";
import { buildMemoryIndex } from "../index/memory-index.js";
import { type PipelineOptions, pipelineRetriever } from "../pipeline.js";
import { hashedNgramEmbedder } from "../ranking/hashed-ngram.js";
import type { ContextRetriever, Passage, RetrievalRequest } from "../retriever.js";
import { indexSettingsOf, pipelineSettingsOf } from "../settings.js";

export const signal = new AbortController().signal;

/** A document with everything filled in. */
export function document(id: string, body: string, more: Partial<KnowledgeDocument> = {}): KnowledgeDocument {
  return { id, title: id, updated: "", status: "current", supersededBy: null, body, ...more };
}

type Parts = Partial<Pick<PipelineOptions, "reranker" | "rewriter">>;

/** A pipeline over documents in memory, configured as an agent file would. */
export async function retrieverOf(
  documents: readonly KnowledgeDocument[],
  block: object = {},
  parts: Parts = {},
): Promise<ContextRetriever> {
  return retrieverOver(await indexOf(documents, block), block, parts);
}

/** Documents in memory, indexed as an agent file would have it. */
export function indexOf(documents: readonly KnowledgeDocument[], block: object): Promise<IndexReader> {
  return buildMemoryIndex(documents, indexSettingsOf(configOf(block)), null, signal);
}

/** A pipeline over an index that may hold more than the block searches. */
export function retrieverOver(index: IndexReader, block: object, parts: Parts = {}): ContextRetriever {
  return pipelineRetriever({
    withReader: (search) => search(index),
    contentHash: "",
    embedderFor: ({ weights, written }) =>
      written.dimensions === 0 ? null : hashedNgramEmbedder(weights, written.dimensions),
    vectorsAreSemantic: false,
    reranker: parts.reranker ?? null,
    rewriter: parts.rewriter ?? null,
    settings: pipelineSettingsOf(configOf(block)),
  });
}

function configOf(block: object): RetrievalConfig {
  return retrievalSchema.parse({ documents: "documents", ...block });
}

/** What a search gives that waits for nothing. */
export function searchNow(
  retriever: ContextRetriever,
  query: string,
  more: Partial<RetrievalRequest> = {},
): readonly Passage[] {
  const passages = retriever.search({ query, topK: 5, tenant: null, signal, ...more });
  if (passages instanceof Promise) throw new TypeError("expected passages at once, found a promise");
  return passages;
}

export function idsOf(passages: readonly Passage[]): string[] {
  return passages.map(({ documentId }) => documentId);
}
