import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { RetrievalConfig } from "../../config/agent/retrieval-schema.js";
import type { Clock } from "../../core/clock.js";
import { ConfigError, ProviderError, StoreError } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";
import { sleepFor } from "../../models/retry.js";
import { type KnowledgeDocument, readDocuments } from "./documents/documents.js";
import { buildRetriever } from "./index/bm25-index.js";
import { type EndpointEmbedding, type IndexSource, indexContentHash } from "./index/index-task.js";
import { buildMemoryIndex } from "./index/memory-index.js";
import { type OpenIndex, openIndex } from "./index/open-index.js";
import { type PipelineOptions, pipelineRetriever } from "./pipeline.js";
import { conversationRewriter } from "./query/conversation-rewriter.js";
import { modelRewriter } from "./query/model-rewriter.js";
import type { QueryRewriter } from "./query/query-rewriter.js";
import type { Embedder } from "./ranking/embedder.js";
import type { RetrievalEndpoint } from "./ranking/endpoint.js";
import { endpointEmbedder } from "./ranking/endpoint-embedder.js";
import { endpointReranker } from "./ranking/endpoint-reranker.js";
import { featureReranker } from "./ranking/feature-reranker.js";
import { hashedNgramEmbedder } from "./ranking/hashed-ngram.js";
import { DEFAULT_RANKER, parseRankerFile } from "./ranking/ranker-file.js";
import type { Reranker } from "./ranking/reranker.js";
import type { ContextRetriever, Retriever } from "./retriever.js";
import {
  type GroundingSettings,
  groundingSettingsOf,
  indexSettingsOf,
  methodsOf,
  pipelineSettingsOf,
  usesEndpointVectors,
} from "./settings.js";

export interface RetrievalContext {
  /** Folder that the paths of the block are relative to. */
  readonly folder: string;
  /** The agent file's name, for messages. */
  readonly file: string;
  /** Folder of the indexes on disk: `.agentctl/index`. */
  readonly indexRoot: string;
  /** Holds the keys of endpoints. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Uniform in [0, 1), for the waits between retries. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Whether an index that others rebuild meanwhile is served: yes for a chat, no for a run. Default true. */
  readonly followsRebuilds?: boolean;
}

/** The retrieval of an agent, ready to search. */
export interface LoadedRetrieval {
  readonly retriever: ContextRetriever;
  readonly documents: readonly KnowledgeDocument[];
  /** `null` when the agent answers however little it found. */
  readonly grounding: GroundingSettings | null;
  /** `null` when the index is in memory. */
  readonly disk: DiskIndexOfAgent | null;
  close(): Promise<void>;
}

/** The index that an agent keeps on disk. */
interface DiskIndexOfAgent {
  readonly index: OpenIndex;
  /** Whether it was built while it was loaded. */
  readonly isNew: boolean;
  /**
   * Builds it again from the folder, whether anything has changed or not.
   *
   * @throws {StoreError} when somebody else builds it at the moment
   */
  rebuild(): Promise<void>;
}

/** Between looks at whether another process has ended its build. */
const BUSY_WAIT_MS = 200;

const PLAIN_KEYS: ReadonlySet<string> = new Set(["documents", "top_k", "chunk_words"]);

/**
 * Reads the documents of a `retrieval` block and makes what searches them: plain BM25 in memory where the block says no
 * more than `documents`, `top_k` and `chunk_words` and no document belongs to a tenant or a user; otherwise the whole
 * pipeline. An index on disk that holds other documents, or is indexed otherwise, is rebuilt first, or
 * waited for where another process does that.
 *
 * @throws {ConfigError} with the problems of documents, weights file or endpoints
 * @throws {ProviderError} when an embedding endpoint fails; with `on_failure: degrade`, the index is built without
 *   vectors instead, every search says so, and the hash is another
 * @throws {StoreError} when an index on disk cannot be used
 */
export async function loadRetrieval(
  config: RetrievalConfig,
  context: RetrievalContext,
): Promise<LoadedRetrieval> {
  const folder = resolve(context.folder, config.documents);
  const tenantFolders = config.tenancy?.folders ?? false;
  const documents = readDocuments(folder, config.documents, { tenantFolders });
  const grounding = groundingSettingsOf(config);
  if (isPlain(config, documents)) {
    const retriever = plainRetriever(buildRetriever(documents, { chunkWords: config.chunk_words }));
    return { retriever, documents, grounding, disk: null, close: async () => {} };
  }
  const source: IndexSource = { kind: "folder", folder, label: config.documents, tenantFolders };
  const parts = { documents, source, pipeline: pipelineOf(config, context) };
  const embedding = usesEndpointVectors(config) ? embeddingOf(config, context) : null;
  const open = config.index === undefined ? inMemory : onDisk;
  try {
    return { documents, grounding, ...(await open(config, context, { ...parts, embedding })) };
  } catch (error) {
    if (!(error instanceof ProviderError) || config.on_failure !== "degrade") throw error;
    const pipeline = { ...parts.pipeline, missingVectors: error.message };
    return {
      documents,
      grounding,
      ...(await open(config, context, { ...parts, pipeline, embedding: null })),
    };
  }
}

type Pipeline = Omit<PipelineOptions, "withReader" | "contentHash">;

interface RetrievalParts {
  readonly documents: readonly KnowledgeDocument[];
  readonly source: IndexSource;
  /** `null` when vectors are hashed, cannot be had, or are not wanted. */
  readonly embedding: EndpointEmbedding | null;
  readonly pipeline: Pipeline;
}

type OpenedRetrieval = Pick<LoadedRetrieval, "retriever" | "disk" | "close">;

async function inMemory(
  config: RetrievalConfig,
  context: RetrievalContext,
  { documents, embedding, pipeline }: RetrievalParts,
): Promise<OpenedRetrieval> {
  const settings = indexSettingsOf(config);
  const embedder = embedding === null ? null : embedderOf(embedding, context);
  const reader = await buildMemoryIndex(documents, settings, embedder, context.signal);
  const retriever = pipelineRetriever({
    ...pipeline,
    contentHash: indexContentHash(documents, settings, embedding),
    withReader: (search) => search(reader),
  });
  return { retriever, disk: null, close: async () => reader.close() };
}

async function onDisk(
  config: RetrievalConfig,
  context: RetrievalContext,
  parts: RetrievalParts,
): Promise<OpenedRetrieval> {
  const disk = await upToDateIndex(config, context, parts);
  return { retriever: disk.index, disk, close: () => disk.index.close() };
}

function isPlain(config: RetrievalConfig, documents: readonly KnowledgeDocument[]): boolean {
  const saysMore = Object.entries(config).some(([key, value]) => value !== undefined && !PLAIN_KEYS.has(key));
  return !saysMore && documents.every(({ tenant, user }) => tenant === undefined && user === undefined);
}

/** Gives plain retrieval the interface of the pipeline, at once and with the same passages and hash. */
function plainRetriever(retriever: Retriever): ContextRetriever {
  return { hash: retriever.hash, search: ({ query, topK }) => retriever.search(query, topK) };
}

async function upToDateIndex(
  config: RetrievalConfig,
  context: RetrievalContext,
  { documents, source, embedding, pipeline }: RetrievalParts,
): Promise<DiskIndexOfAgent> {
  const { name = "", duty = 1 } = config.index ?? {};
  const settings = indexSettingsOf(config);
  const index = await openIndex({
    folder: join(context.indexRoot, name),
    settings,
    embedding,
    pipeline,
    duty,
    source: contentHash({ source, settings, embedding: embedding?.endpoint.model ?? null }),
    follows: context.followsRebuilds ?? true,
  });
  const rebuild = async () => {
    const result = await index.rebuild(source);
    if (result.outcome === "busy") throw new StoreError(result.reason);
  };
  try {
    const wanted = indexContentHash(documents, settings, embedding);
    for (;;) {
      if (index.contentHash === wanted) return { index, isNew: false, rebuild };
      const result = await index.rebuild(source);
      if (result.outcome === "swapped") return { index, isNew: true, rebuild };
      // Another process builds, of the same documents perhaps. Its lock ends with it, so that this comes to an end.
      await sleepFor(BUSY_WAIT_MS, context.signal);
      context.signal.throwIfAborted();
      await index.reload();
    }
  } catch (error) {
    await index.close();
    throw error;
  }
}

function pipelineOf(config: RetrievalConfig, context: RetrievalContext): Pipeline {
  const endpoint = usesEndpointVectors(config) ? embedderOf(embeddingOf(config, context), context) : null;
  const hasVectors = methodsOf(config).includes("vectors");
  return {
    embedderFor: (index) =>
      !hasVectors ? null : (endpoint ?? hashedNgramEmbedder(index.weights, index.written.dimensions)),
    vectorsAreSemantic: endpoint !== null,
    reranker: rerankerOf(config, context),
    rewriter: rewriterOf(config),
    settings: pipelineSettingsOf(config),
  };
}

const OPENAI_URL = "https://api.openai.com/v1";
const OPENAI_KEY = "OPENAI_API_KEY";

function embeddingOf(config: RetrievalConfig, context: RetrievalContext): EndpointEmbedding {
  const { embeddings } = config;
  const baseUrl = (embeddings?.base_url ?? context.env.OPENAI_BASE_URL) || OPENAI_URL;
  const isOpenAi = new URL(baseUrl).host === new URL(OPENAI_URL).host;
  const keyEnv = embeddings?.api_key_env ?? (isOpenAi ? OPENAI_KEY : null);
  return {
    endpoint: {
      url: joined(baseUrl, "embeddings"),
      model: embeddings?.name ?? "",
      apiKey: keyOf("retrieval.embeddings", keyEnv, context),
      keyEnv: keyEnv ?? OPENAI_KEY,
      timeoutMs: embeddings?.timeout_ms ?? 30_000,
      maxRetries: embeddings?.max_retries ?? 2,
    },
    dimensions: embeddings?.dimensions ?? null,
    batchSize: embeddings?.batch_size ?? 64,
    prefixes: { document: embeddings?.document_prefix ?? "", query: embeddings?.query_prefix ?? "" },
  };
}

/** @param keyEnv - variable that was named for the key; `null` for an own server without one */
function keyOf(place: string, keyEnv: string | null, context: RetrievalContext): string | null {
  if (keyEnv === null) return null;
  const key = context.env[keyEnv]?.trim();
  if (key) return key;
  const message = `${place}: expected the key of the endpoint in the environment variable ${keyEnv}, found none`;
  throw new ConfigError([{ file: context.file, message }], {
    nextStep: `Set ${keyEnv} in the environment or in .env.`,
  });
}

function joined(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/\/+$/, "")}/${path}`;
}

function embedderOf({ endpoint, ...options }: EndpointEmbedding, context: RetrievalContext): Embedder {
  return endpointEmbedder({ ...options, endpoint: withRetries(endpoint, endpoint.maxRetries, context) });
}

function withRetries(
  endpoint: Omit<RetrievalEndpoint, "retry" | "now">,
  maxRetries: number,
  { random, clock }: RetrievalContext,
): RetrievalEndpoint {
  return { ...endpoint, retry: { maxRetries, random, sleep: sleepFor }, now: () => clock.now() };
}

function rerankerOf(config: RetrievalConfig, context: RetrievalContext): Reranker | null {
  const { rerank } = config;
  if (rerank === undefined || rerank.kind === "none") return null;
  if (rerank.kind === "features") {
    return featureReranker(
      rerank.weights === undefined ? DEFAULT_RANKER : readRanker(rerank.weights, context),
    );
  }
  const endpoint = {
    url: joined(rerank.base_url ?? "", "rerank"),
    model: rerank.name ?? "",
    apiKey: keyOf("retrieval.rerank", rerank.api_key_env ?? null, context),
    keyEnv: rerank.api_key_env ?? "of `api_key_env`",
    timeoutMs: rerank.timeout_ms,
  };
  return endpointReranker(withRetries(endpoint, rerank.max_retries, context), rerank.format ?? "cohere");
}

function readRanker(path: string, context: RetrievalContext) {
  let text: string;
  try {
    text = readFileSync(resolve(context.folder, path), "utf8");
  } catch (cause) {
    const message = `retrieval.rerank.weights: ${path} cannot be read`;
    throw new ConfigError([{ file: context.file, message }], { cause });
  }
  return parseRankerFile(text, path);
}

function rewriterOf(config: RetrievalConfig): QueryRewriter | null {
  const { rewrite } = config;
  if (rewrite === undefined || rewrite.kind === "none") return null;
  if (rewrite.kind === "model") return modelRewriter();
  return conversationRewriter({
    shortWords: rewrite.short_words,
    mostCarried: rewrite.carried_words,
    synonyms: new Map(Object.entries(rewrite.synonyms)),
  });
}
