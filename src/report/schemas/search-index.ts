import { z } from "zod";
import { count, milliseconds } from "./shared.js";

const retrievalSearch = z.strictObject({
  queries: z.array(z.string()).describe("As searched, after rewriting."),
  methods: z.array(z.string()),
  embeddings: z
    .string()
    .nullable()
    .describe("hashed-ngram, a lexical baseline, or a model; null without vectors."),
  reranker: z.string().nullable(),
  degraded: z
    .array(z.strictObject({ step: z.string(), reason: z.string() }))
    .describe("What could not be used."),
});

export const indexBuild = z.strictObject({
  name: z.string(),
  generation: z.string(),
  isNew: z.boolean().describe("false: it was up to date."),
  documents: count,
  chunks: count,
  dimensions: count.describe("Length of a vector; 0 without vectors."),
  durationMs: milliseconds,
});

const share = z.number().min(0).max(1);

export const indexSearch = z.strictObject({
  query: z.string(),
  reader: z.strictObject({ tenant: z.string(), user: z.string().nullable() }),
  search: retrievalSearch.nullable().describe("null for plain BM25 in memory."),
  passages: z
    .array(
      z.strictObject({
        documentId: z.string(),
        chunkId: z.string(),
        title: z.string(),
        section: z.string(),
        updated: z.string(),
        status: z.enum(["current", "superseded"]),
        tenant: z.string().nullable().describe("null: everybody's."),
        score: z.number(),
        scores: z.record(z.string(), z.number()).describe("By bm25, vector, fused, rerank, similarity."),
        text: z.string(),
      }),
    )
    .describe("Best first."),
  grounding: z
    .strictObject({
      confidence: share,
      top: share,
      gap: share,
      agreement: share,
      threshold: share,
      isGrounded: z.boolean(),
    })
    .nullable()
    .describe("null when the agent always answers."),
});
