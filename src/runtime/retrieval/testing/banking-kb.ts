import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PerQuery, retrievalMetrics } from "../../../stats/retrieval-metrics.js";
import type { KnowledgeDocument } from "../documents/documents.js";
import type { IndexReader } from "../index/index-reader.js";
import { featureReranker } from "../ranking/feature-reranker.js";
import { DEFAULT_RANKER } from "../ranking/ranker-file.js";
import { document, idsOf, retrieverOver, searchNow } from "./make-retriever.js";

const folder = join(import.meta.dirname, "..", "..", "..", "..", "test", "fixtures", "banking-kb");

/** The documents, queries and judgements of banking-kb. */
export interface BankingKb {
  readonly documents: readonly KnowledgeDocument[];
  readonly queries: readonly { readonly id: string; readonly text: string }[];
  readonly qrels: PerQuery;
}

export function bankingKb(): BankingKb {
  const qrels: Record<string, Record<string, number>> = {};
  for (const line of linesOf("qrels.tsv").slice(1)) {
    const [query = "", id = "", grade] = line.split("\t");
    qrels[query] = { ...qrels[query], [id]: Number(grade) };
  }
  return {
    documents: recordsOf("documents.jsonl").map(({ id, title, text }) => document(id, text, { title })),
    queries: recordsOf("queries.jsonl"),
    qrels,
  };
}

function linesOf(name: string): string[] {
  return readFileSync(join(folder, name), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function recordsOf(name: string): { id: string; title: string; text: string }[] {
  return linesOf(name).map((line) => JSON.parse(line) as { id: string; title: string; text: string });
}

/** The ways to search that docs/retrieval.md compares, by their names there. */
export const WAYS = {
  bm25: { method: "bm25" },
  vectors: { method: "vectors" },
  hybrid: { method: "hybrid" },
  reranked: { method: "hybrid", rerank: { kind: "features" } },
} as const;

/** Passages that are searched for a ranking of documents. */
const PASSAGES = 50;

/** Ranking quality by document: nDCG@10, recall@10 and MRR of each way. */
export function qualityOf(
  way: keyof typeof WAYS,
  index: IndexReader,
  { queries, qrels }: BankingKb,
): { readonly ndcg: number; readonly recall: number; readonly mrr: number } {
  const reranker = way === "reranked" ? featureReranker(DEFAULT_RANKER) : null;
  const retriever = retrieverOver(index, WAYS[way], { reranker });
  const run = queries.map(({ id, text }) => {
    const found = [...new Set(idsOf(searchNow(retriever, text, { topK: PASSAGES })))];
    return [id, Object.fromEntries(found.map((name, at) => [name, found.length - at]))] as const;
  });
  const { mean } = retrievalMetrics(qrels, Object.fromEntries(run), { cutoffs: [10] });
  return { ndcg: mean?.ndcg_cut_10 ?? 0, recall: mean?.recall_10 ?? 0, mrr: mean?.recip_rank ?? 0 };
}
