import { z } from "zod";
import { milliseconds, positiveInt } from "./quantities.js";

const share = z.number().min(0).max(1);
const keyEnv = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, "wants the name of a variable such as OPENAI_API_KEY, never the key itself")
  .optional()
  .describe("Environment variable that holds the key of the endpoint.");
const retries = z.int().min(0).max(10).default(2).describe("Retries of a failed request that may succeed.");
const timeout = milliseconds.default(30_000).describe("Total time of one request, in milliseconds.");

const embeddingsSchema = z
  .strictObject({
    provider: z
      .enum(["hashed-ngram", "openai"])
      .default("hashed-ngram")
      .describe("hashed-ngram: a lexical baseline without a network; openai: an endpoint with /embeddings."),
    name: z.string().optional().describe("Model name, as the endpoint knows it."),
    base_url: z.url().optional().describe("Base URL of an OpenAI-compatible endpoint."),
    api_key_env: keyEnv,
    dimensions: positiveInt.max(16_384).optional().describe("Length of a vector; hashed-ngram: 1024."),
    batch_size: positiveInt.max(2048).default(64).describe("Texts in one request."),
    document_prefix: z.string().default("").describe("Put before each document, as some models want it."),
    query_prefix: z.string().default("").describe("Put before each query."),
    timeout_ms: timeout,
    max_retries: retries,
  })
  .refine(({ provider, name }) => provider === "hashed-ngram" || name !== undefined, {
    message: "wants `name`, the model, with provider openai",
  });

const rerankSchema = z
  .strictObject({
    kind: z.enum(["none", "features", "endpoint"]).describe("Who puts the candidates into order."),
    weights: z.string().optional().describe("Weights file of `features`, relative to the agent file."),
    name: z.string().optional().describe("Model name of `endpoint`."),
    base_url: z.url().optional().describe("Base URL of an endpoint with /rerank."),
    format: z
      .enum(["cohere", "tei"])
      .optional()
      .describe(
        "How the endpoint talks: as Cohere, Jina and vLLM do (cohere), or Text Embeddings Inference.",
      ),
    api_key_env: keyEnv,
    top: positiveInt.default(20).describe("Candidates that are reranked."),
    timeout_ms: timeout,
    max_retries: retries,
  })
  .refine(
    ({ kind, name, base_url }) => kind !== "endpoint" || (name !== undefined && base_url !== undefined),
    { message: "wants `name` and `base_url` with kind endpoint" },
  );

const rewriteSchema = z.strictObject({
  kind: z
    .enum(["none", "conversation", "model"])
    .describe("How a message becomes a query that stands on its own."),
  short_words: z
    .int()
    .min(0)
    .default(3)
    .describe("A message of at most so many content words leans on earlier ones."),
  carried_words: z.int().min(0).max(64).default(8).describe("Most words taken from earlier messages."),
  synonyms: z
    .record(z.string().min(1), z.array(z.string().min(1)).min(1))
    .default({})
    .describe("Word or abbreviation, and what it may also be called."),
});

const rangeSchema = z
  .strictObject({
    low: z.number().min(-1).max(1).describe("Counts as similarity 0."),
    high: z.number().min(-1).max(1).describe("Counts as similarity 1."),
  })
  .refine(({ low, high }) => low < high, { message: "wants `low` below `high`" });

const groundingSchema = z.strictObject({
  threshold: share.optional().describe("Confidence below which the agent says that it does not know."),
  answer: z.string().min(1).optional().describe("What it says then; a plain sentence when left out."),
  similarity: rangeSchema
    .optional()
    .describe("Raw similarities that count as 0 and as 1; of your embedding model's cosines, for example."),
});

/** `retrieval` block of an agent file. With the first three keys alone, plain BM25 in memory. */
export const retrievalSchema = z
  .strictObject({
    documents: z.string().describe("Folder of Markdown documents, relative to the agent file."),
    top_k: positiveInt.default(5).describe("Chunks that one search returns."),
    chunk_words: positiveInt.default(120).describe("Largest size of a chunk, in words."),
    chunk_overlap_words: z
      .int()
      .min(0)
      .optional()
      .describe("Words that a chunk repeats of the one before, at most half of chunk_words."),
    method: z
      .enum(["bm25", "vectors", "hybrid"])
      .optional()
      .describe("Search by words, by vectors, or by both with reciprocal-rank fusion."),
    candidates: positiveInt.max(1000).optional().describe("Chunks that each method may find (50)."),
    rrf_k: z.number().min(0).optional().describe("k of reciprocal-rank fusion (60)."),
    embeddings: embeddingsSchema.optional().describe("What makes the vectors; hashed-ngram when left out."),
    rerank: rerankSchema.optional().describe("Reranking of the candidates; none when left out."),
    rewrite: rewriteSchema.optional().describe("Query rewriting; none when left out."),
    mmr: z
      .strictObject({ lambda: share.default(0.7).describe("1: relevance alone, 0: variety alone.") })
      .optional()
      .describe("Maximal marginal relevance; none when left out."),
    grounding: groundingSchema.optional().describe("Whether to answer at all; always when left out."),
    tenancy: z
      .strictObject({
        folders: z.boolean().default(false).describe("Whether each folder at the top is one tenant's."),
        dedicated_from: positiveInt
          .default(1000)
          .describe("Documents from which a tenant gets word statistics of its own."),
      })
      .optional()
      .describe("How the documents of tenants are kept apart. They always are; this says where they lie."),
    index: z
      .strictObject({
        name: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "wants lower-case letters, digits and hyphens")
          .describe("Folder below .agentctl/index."),
        duty: z.number().min(0.05).max(1).default(0.5).describe("Share of time that a rebuild may work."),
      })
      .optional()
      .describe("An index on disk that is kept between processes; in memory when left out."),
    on_failure: z
      .enum(["error", "degrade"])
      .optional()
      .describe("Whether a failing endpoint fails the turn (error) or is left out of the search."),
  })
  .refine(({ chunk_words, chunk_overlap_words = 0 }) => chunk_overlap_words <= chunk_words / 2, {
    message: "wants at most half of `chunk_words`",
    path: ["chunk_overlap_words"],
  })
  .refine(({ method, embeddings }) => method !== "bm25" || embeddings === undefined, {
    message: "means nothing with method bm25; remove it, or choose hybrid or vectors",
    path: ["embeddings"],
  });

export type RetrievalConfig = z.output<typeof retrievalSchema>;
