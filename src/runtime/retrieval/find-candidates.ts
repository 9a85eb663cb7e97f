import type { ChunkRow, Hit, IndexReader } from "./index/index-reader.js";
import { MAX_PIPELINE_TERMS, matchExpression } from "./index/match-expression.js";
import { currentFirst } from "./index/replaced.js";
import { mayRead, type Reader } from "./index/tenant.js";
import { embeddedText } from "./index/write-index.js";
import type { PipelineSettings } from "./pipeline.js";
import { fuseRankings } from "./ranking/fusion.js";
import { ngramFeatures } from "./ranking/ngram-features.js";
import type { RetrievalMethod } from "./retriever.js";

/** A query with its vector; `null` where vectors are not searched. */
export interface SearchedQuery {
  readonly text: string;
  readonly vector: Float32Array | null;
}

interface Similarity {
  /** Cosine, -1 to 1. */
  readonly raw: number;
  /** Where `raw` lies between what counts as 0 and what counts as 1, 0 to 1. */
  readonly calibrated: number;
}

/** A chunk that the search found. */
export interface Found {
  readonly row: ChunkRow;
  readonly status: ChunkRow["status"];
  /** Of the first query; `null` when the method did not find the chunk. */
  readonly bm25: number | null;
  readonly vector: number | null;
  /** Reciprocal-rank fusion over all methods and queries, greater than 0. */
  readonly fused: number;
  /** 1-based rank of the document by each method that ran, for the first query; `null`: not found. */
  readonly ranks: Readonly<Partial<Record<RetrievalMethod, number | null>>>;
  /** Similarity to the first query, computed on demand. */
  readonly similarity: () => Similarity;
}

export interface FindOptions {
  readonly index: IndexReader;
  readonly reader: Reader;
  /** The first stands on its own; the others are searched as well. */
  readonly queries: readonly SearchedQuery[];
  readonly settings: PipelineSettings;
  readonly vectorsAreSemantic: boolean;
}

interface Ranking {
  readonly method: RetrievalMethod;
  readonly query: SearchedQuery;
  readonly hits: readonly Hit[];
}

/** Candidates for a reader, best first, current documents before superseded ones. */
export function findCandidates(options: FindOptions): readonly Found[] {
  const { index, reader, queries, settings } = options;
  const [first] = queries;
  if (first === undefined) return [];
  const rankings = queries.flatMap((query) => rankingsOf(query, options));
  const fused = fuseRankings(
    rankings.map(({ hits }) => hits.map(({ chunk }) => chunk)),
    settings.rrfK,
  );
  const rows = index.chunks([...fused.keys()]);
  const own = rankings.filter(({ query }) => query === first);
  const scores = new Map(
    own.map(({ method, hits }) => [method, new Map(hits.map(({ chunk, score }) => [chunk, score]))]),
  );
  const ranks = new Map(own.map(({ method, hits }) => [method, documentRanks(hits, rows)]));
  const similarity = similarityTo(first, options);
  const found = [...fused].flatMap(([chunk, score]): Found[] => {
    const row = rows.get(chunk);
    if (
      row === undefined ||
      !mayRead(reader, { tenant: row.tenant, ...(row.user === null ? {} : { user: row.user }) })
    )
      return [];
    let known: Similarity | undefined;
    return [
      {
        row,
        status: row.status,
        bm25: scores.get("bm25")?.get(chunk) ?? null,
        vector: scores.get("vectors")?.get(chunk) ?? null,
        fused: score,
        ranks: Object.fromEntries([...ranks].map(([method, of]) => [method, of.get(row.documentId) ?? null])),
        similarity: () => {
          known ??= similarity(row);
          return known;
        },
      },
    ];
  });
  return currentFirst(found);
}

function rankingsOf(query: SearchedQuery, { index, reader, settings }: FindOptions): Ranking[] {
  const rankings: Ranking[] = [];
  // Without a vector, words are all that is left, also where they are not searched otherwise.
  if (settings.methods.includes("bm25") || query.vector === null) {
    const match = matchExpression(query.text, MAX_PIPELINE_TERMS);
    const hits = match === null ? [] : index.bm25(match, reader, settings.candidates);
    rankings.push({ method: "bm25", query, hits });
  }
  if (query.vector !== null) {
    rankings.push({
      method: "vectors",
      query,
      hits: index.nearest(query.vector, reader, settings.candidates),
    });
  }
  return rankings;
}

function documentRanks(hits: readonly Hit[], rows: ReadonlyMap<number, ChunkRow>): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const { chunk } of hits) {
    const id = rows.get(chunk)?.documentId;
    if (id !== undefined && !ranks.has(id)) ranks.set(id, ranks.size + 1);
  }
  return ranks;
}

function similarityTo(query: SearchedQuery, options: FindOptions): (row: ChunkRow) => Similarity {
  const { index, settings, vectorsAreSemantic } = options;
  const features = ngramFeatures(query.text);
  return (row) => {
    const vector = vectorsAreSemantic && query.vector !== null ? index.vectorOf(row.chunk) : null;
    return vector === null || query.vector === null
      ? scaled(index.weights.cosine(features, embeddedText(row)), settings.lexicalRange)
      : scaled(dotProduct(vector, query.vector), settings.cosineRange);
  };
}

function scaled(raw: number, [low, high]: readonly [number, number]): Similarity {
  return { raw, calibrated: Math.min(1, Math.max(0, (raw - low) / (high - low))) };
}

function dotProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += a[at]! * b[at]!;
  return sum;
}
