import type { RetrievalConfig } from "../../config/agent/retrieval-schema.js";
import { DEFAULT_GROUNDING_THRESHOLDS, NOT_GROUNDED_ANSWER } from "./grounding.js";
import type { IndexSettings } from "./index/write-index.js";
import type { PipelineSettings } from "./pipeline.js";
import type { RetrievalMethod } from "./retriever.js";

/** Length of hashed n-gram vectors: longer ones rank better and cost 4 bytes a number and chunk. */
const HASHED_DIMENSIONS = 1024;
const DEDICATED_FROM = 1000;
/** Measured on shared documents; see docs/retrieval.md. */
const LEXICAL_RANGE = [0.05, 0.35] as const;
/** A guess for current embedding models: measure your own and set `grounding.similarity`. */
const COSINE_RANGE = [0.2, 0.8] as const;

/** When the agent says that it does not know, and how. */
export interface GroundingSettings {
  readonly threshold: number;
  readonly answer: string;
}

export function methodsOf(config: RetrievalConfig): readonly RetrievalMethod[] {
  const method = config.method ?? (config.embeddings === undefined ? "bm25" : "hybrid");
  return method === "hybrid" ? ["bm25", "vectors"] : [method];
}

/** Whether vectors come from a model behind an endpoint. */
export function usesEndpointVectors(config: RetrievalConfig): boolean {
  return methodsOf(config).includes("vectors") && config.embeddings?.provider === "openai";
}

export function indexSettingsOf(config: RetrievalConfig): IndexSettings {
  const isHashed = methodsOf(config).includes("vectors") && !usesEndpointVectors(config);
  return {
    chunkWords: config.chunk_words,
    overlapWords: config.chunk_overlap_words ?? 0,
    hashedDimensions: isHashed ? (config.embeddings?.dimensions ?? HASHED_DIMENSIONS) : null,
    dedicatedFrom: config.tenancy?.dedicated_from ?? DEDICATED_FROM,
  };
}

export function pipelineSettingsOf(config: RetrievalConfig): PipelineSettings {
  const range = config.grounding?.similarity;
  const own = range === undefined ? null : ([range.low, range.high] as const);
  const isSemantic = usesEndpointVectors(config);
  return {
    methods: methodsOf(config),
    candidates: config.candidates ?? 50,
    rrfK: config.rrf_k ?? 60,
    rerankTop: config.rerank?.top ?? 20,
    mmrLambda: config.mmr?.lambda ?? null,
    lexicalRange: own !== null && !isSemantic ? own : LEXICAL_RANGE,
    cosineRange: own !== null && isSemantic ? own : COSINE_RANGE,
    onFailure: config.on_failure ?? "error",
  };
}

/** `null` when the agent always answers. */
export function groundingSettingsOf(config: RetrievalConfig): GroundingSettings | null {
  if (config.grounding === undefined) return null;
  const { oneMethod, severalMethods } = DEFAULT_GROUNDING_THRESHOLDS;
  const { threshold, answer = NOT_GROUNDED_ANSWER } = config.grounding;
  return { threshold: threshold ?? (methodsOf(config).length > 1 ? severalMethods : oneMethod), answer };
}
