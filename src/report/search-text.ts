import type { RetrievalSearch } from "../core/events.js";

/** By which methods, vectors and reranker passages were found. */
export function searchText({ methods, embeddings, reranker }: Omit<RetrievalSearch, "queries">): string {
  const vectors = embeddings === "hashed-ngram" ? "hashed-ngram, a lexical baseline" : embeddings;
  return `searched by ${methods.join(" and ")}${vectors === null ? "" : ` (${vectors})`}${reranker === null ? "" : `, reranked by ${reranker}`}`;
}
