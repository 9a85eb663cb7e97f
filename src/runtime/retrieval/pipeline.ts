import { ProviderError } from "../../core/errors.js";
import type { RetrievalSearch } from "../../core/events.js";
import { contentHash } from "../../core/hash.js";
import { type Found, findCandidates, type SearchedQuery } from "./find-candidates.js";
import type { IndexReader } from "./index/index-reader.js";
import { mayRead, type Reader } from "./index/tenant.js";
import { after, type MaybeAsync, recovering } from "./maybe-async.js";
import { orderPassages } from "./order-passages.js";
import type { QueryRewriter, RewrittenQuery } from "./query/query-rewriter.js";
import type { Embedder } from "./ranking/embedder.js";
import type { Reranker } from "./ranking/reranker.js";
import type { ContextRetriever, Passage, RetrievalMethod, RetrievalRequest } from "./retriever.js";

/** Raised whenever a change of the search can change a result, so that the agent version changes with it. */
const ALGORITHM = "hybrid-v2";

export interface PipelineSettings {
  readonly methods: readonly RetrievalMethod[];
  /** Chunks that each method may find for one query. */
  readonly candidates: number;
  readonly rrfK: number;
  /** Candidates that the reranker sees. */
  readonly rerankTop: number;
  /** λ of maximal marginal relevance; `null`: no diversification. */
  readonly mmrLambda: number | null;
  /** Cosines of the n-grams of query and passage that count as similarity 0 and 1. */
  readonly lexicalRange: readonly [low: number, high: number];
  /** The same for the vectors of an endpoint. */
  readonly cosineRange: readonly [low: number, high: number];
  /** Whether a failing endpoint fails the search, or is left out of it. */
  readonly onFailure: "error" | "degrade";
}

export interface PipelineOptions {
  /** Runs a search on one generation of the index, which stays open until the search has ended. */
  readonly withReader: <Result>(search: (index: IndexReader) => MaybeAsync<Result>) => MaybeAsync<Result>;
  /** Hash of the documents and of how they are indexed. */
  readonly contentHash: string;
  /** Embeds queries for an index; `null` when it has no vectors. */
  readonly embedderFor: (index: IndexReader) => Embedder | null;
  /** Whether cosines of the vectors tell how similar a passage is; otherwise those of n-grams do. */
  readonly vectorsAreSemantic: boolean;
  /** Why the index holds no vectors although they are wanted; absent when it holds them, or none are wanted. */
  readonly missingVectors?: string;
  readonly reranker: Reranker | null;
  readonly rewriter: QueryRewriter | null;
  readonly settings: PipelineSettings;
}

/** Rewrites, searches by each method, fuses, reranks, diversifies, and checks once more who may read what. */
export function pipelineRetriever(options: PipelineOptions): ContextRetriever {
  const { settings, reranker, rewriter } = options;
  return {
    hash: contentHash({
      algorithm: ALGORITHM,
      content: options.contentHash,
      settings: { ...settings, onFailure: undefined },
      reranker: reranker === null ? null : { name: reranker.name, identity: reranker.identity },
      rewriter: rewriter?.identity ?? null,
    }),
    search(request) {
      if (!Number.isInteger(request.topK) || request.topK < 1) {
        throw new RangeError(`expected topK to be an integer of at least 1, found ${request.topK}`);
      }
      return options.withReader((index) => new Search(options, index, request).run());
    },
  };
}

class Search {
  private readonly degraded: RetrievalSearch["degraded"][number][] = [];
  private embeddings: string | null = null;
  private readonly reader: Reader;

  constructor(
    private readonly options: PipelineOptions,
    private readonly index: IndexReader,
    private readonly request: RetrievalRequest,
  ) {
    this.reader = {
      tenant: nameOrNull("tenant", request.tenant),
      user: nameOrNull("user", request.user ?? null),
    };
  }

  run(): MaybeAsync<readonly Passage[]> {
    return after(this.rewrite(), (rewritten) =>
      after(this.embed([rewritten.query, ...rewritten.alternatives]), (queries) => {
        const found = findCandidates({
          index: this.index,
          reader: this.reader,
          queries,
          settings: this.options.settings,
          vectorsAreSemantic: this.options.vectorsAreSemantic,
        });
        return after(this.rerank(rewritten.query, found), (scores) => {
          this.tell(queries, scores);
          return this.finish(found, scores);
        });
      }),
    );
  }

  private rewrite(): MaybeAsync<RewrittenQuery> {
    const { query, history = [], call } = this.request;
    const plain = { query, alternatives: [] };
    const { rewriter } = this.options;
    if (rewriter === null) return plain;
    const request = call === undefined ? { query, history } : { query, history, call };
    return this.orWithout("rewrite", plain, () => rewriter.rewrite(request));
  }

  private embed(texts: readonly string[]): MaybeAsync<readonly SearchedQuery[]> {
    const withoutVectors = texts.map((text) => ({ text, vector: null }));
    const embedder = this.options.settings.methods.includes("vectors")
      ? this.options.embedderFor(this.index)
      : null;
    if (embedder === null) return withoutVectors;
    const { missingVectors } = this.options;
    if (missingVectors !== undefined) {
      this.degraded.push({ step: "vectors", reason: missingVectors });
      return withoutVectors;
    }
    return this.orWithout<readonly SearchedQuery[]>("vectors", withoutVectors, () =>
      after(embedder.embed(texts, "query", this.request.signal), (vectors) => {
        this.requireWidth(embedder, vectors);
        this.embeddings = embedder.name;
        return texts.map((text, at) => ({ text, vector: vectors[at] ?? null }));
      }),
    );
  }

  /** Vectors of another length would match nothing, which looks as if nothing were there. */
  private requireWidth({ name }: Embedder, vectors: readonly Float32Array[]): void {
    const { chunks, dimensions } = this.index.written;
    const other = vectors.find(({ length }) => length !== dimensions);
    if (chunks === 0 || other === undefined) return;
    throw new ProviderError(
      "PROVIDER_BAD_RESPONSE",
      `embeddings model "${name}" gave a query ${other.length} numbers; the index holds vectors of ${dimensions}`,
      { nextStep: "The model behind the name has changed: remove the index, so that it is built again." },
    );
  }

  private tell(queries: readonly SearchedQuery[], scores: readonly (number | null)[] | null): void {
    const { settings, reranker } = this.options;
    this.request.onSearch?.({
      queries: queries.map(({ text }) => text),
      methods: this.embeddings === null ? ["bm25"] : settings.methods,
      embeddings: this.embeddings,
      reranker: scores === null ? null : (reranker?.name ?? null),
      degraded: this.degraded,
    });
  }

  private rerank(query: string, found: readonly Found[]): MaybeAsync<readonly (number | null)[] | null> {
    const { reranker, settings } = this.options;
    const head = found.slice(0, settings.rerankTop);
    if (reranker === null || head.length === 0) return null;
    const candidates = head.map((one) => ({ row: one.row, similarity: one.similarity().raw }));
    return this.orWithout<readonly (number | null)[] | null>("rerank", null, () =>
      reranker.rerank({
        query,
        candidates,
        segments: this.request.segments ?? [],
        signal: this.request.signal,
      }),
    );
  }

  private finish(found: readonly Found[], scores: readonly (number | null)[] | null): readonly Passage[] {
    const ordered = orderPassages(found, scores, {
      index: this.index,
      topK: this.request.topK,
      mmrLambda: this.options.settings.mmrLambda,
    });
    return ordered
      .filter(({ found: { row } }) =>
        mayRead(this.reader, { tenant: row.tenant, ...(row.user === null ? {} : { user: row.user }) }),
      )
      .map(({ found: one, rerank }) => this.passageOf(one, rerank));
  }

  private passageOf(found: Found, rerank: number | null): Passage {
    const { documentId, chunkId, title, text, section, updated, status, tenant } = found.row;
    const { bm25, vector, fused } = found;
    const isFused = this.options.settings.methods.length > 1;
    return {
      documentId,
      chunkId,
      title,
      text,
      score: rerank ?? (isFused ? fused : (bm25 ?? vector ?? fused)),
      section,
      updated,
      status,
      ...(tenant === "shared" ? {} : { tenant }),
      scores: {
        ...(bm25 === null ? {} : { bm25 }),
        ...(vector === null ? {} : { vector }),
        ...(isFused ? { fused } : {}),
        ...(rerank === null ? {} : { rerank }),
        similarity: found.similarity().calibrated,
      },
      ranks: found.ranks,
      ...(this.degraded.length === 0 ? {} : { degraded: this.degraded.map(({ step }) => step) }),
    };
  }

  /** With `on_failure: degrade`, goes on without what its endpoint could not give, and remembers it. */
  private orWithout<Value>(step: string, without: Value, work: () => MaybeAsync<Value>): MaybeAsync<Value> {
    if (this.options.settings.onFailure === "error") return work();
    return recovering(work, (error) => {
      if (!(error instanceof ProviderError) || error.code === "PROVIDER_ABORTED") throw error;
      this.degraded.push({ step, reason: error.message });
      return without;
    });
  }
}

/** Types end where JSON begins: something that is no name must not reach a filter that may read it as one. */
function nameOrNull(what: string, value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  throw new TypeError(`expected the ${what} of a search to be a text or null, found ${typeof value}`);
}
