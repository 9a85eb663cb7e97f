import { z } from "zod";
import {
  check,
  costUsd,
  count,
  hash,
  milliseconds,
  scores,
  timestamp,
  trialError,
  trialStatus,
} from "./shared.js";

const sequence = count.describe("Order among all calls of the trial.");
const tokens = count.nullable().describe("null when the provider did not say.");
const latency = milliseconds.nullable().describe("Milliseconds; null when it never ended.");

const retrievedChunk = z.strictObject({
  query: z.string(),
  sequence,
  rank: z.int().positive().describe("1 is the best."),
  document_id: z.string(),
  chunk_id: z.string(),
  title: z.string(),
  score: z.number(),
  text: z.string(),
});

const toolCall = z.strictObject({
  call_id: z.string(),
  sequence,
  name: z.string(),
  arguments: z.record(z.string(), z.json()),
  result: z.string().nullable().describe("null when the call never ended."),
  is_error: z.boolean(),
  side_effect: z.boolean(),
  turn: count,
  started_at: timestamp,
  latency_ms: latency,
});

const modelCall = z.strictObject({
  call_id: z.string(),
  sequence,
  speaker: z.enum(["agent", "user", "helper"]),
  provider: z.string(),
  model: z.string(),
  attempt: z.int().positive(),
  text: z.string().nullable(),
  tool_call_ids: z.array(z.string()),
  finish_reason: z.string().nullable(),
  cached: z.boolean().describe("Whether a cache answered."),
  timed: z.boolean().describe("Whether `latency_ms` is the provider's own time."),
  first_token_ms: milliseconds.nullable().describe("null when nothing measured it."),
  answered_by: z
    .strictObject({ provider: z.string(), model: z.string() })
    .nullable()
    .describe("Fallback that answered; null when the first model did."),
  failure: z
    .strictObject({ code: z.string(), after_ms: milliseconds })
    .nullable()
    .describe("How it ended when another attempt followed; null for a call that was not made again."),
  input_tokens: tokens,
  output_tokens: tokens,
  cost_usd: costUsd,
  started_at: timestamp,
  latency_ms: latency,
});

const share = z.number().min(0).max(1);
const texts = z.array(z.string());

function step<Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, payload: Shape) {
  return z.strictObject({
    sequence,
    turn: count,
    at: timestamp,
    type: z.literal(type),
    payload: z.strictObject(payload),
  });
}

const runtimeStep = z.discriminatedUnion("type", [
  step("strategy_selected", {
    strategy: z.string(),
    reasons: texts,
    ambiguity: share.nullable(),
    stakes: share.nullable(),
    confidence: share.nullable(),
  }),
  step("reasoning_step", {
    step: count,
    text: z.string(),
    confidence: share.nullable().exactOptional(),
    alternatives: texts.exactOptional(),
    contextUsed: texts.exactOptional(),
    durationMs: milliseconds.exactOptional(),
    strategy: z.string().exactOptional(),
  }),
  step("plan_updated", {
    revision: count,
    reason: z.string(),
    steps: z.array(
      z.strictObject({
        id: z.string(),
        tool: z.string(),
        after: texts,
        status: z.enum(["pending", "done", "failed", "skipped"]),
      }),
    ),
  }),
  step("context_fitted", {
    tokensBefore: count,
    tokensAfter: count,
    summarisedMessages: count,
    pinnedFacts: count,
  }),
  step("retrieval_searched", {
    queryId: z.string(),
    queries: z.array(z.string()).describe("As searched, after rewriting."),
    methods: z.array(z.string()),
    embeddings: z
      .string()
      .nullable()
      .describe("hashed-ngram, a lexical baseline, or a model; null without vectors."),
    reranker: z.string().nullable(),
    degraded: z.array(z.strictObject({ step: z.string(), reason: z.string() })),
  }),
  step("grounding_assessed", {
    confidence: share,
    top: z.number(),
    gap: z.number(),
    agreement: z.number(),
    threshold: z.number(),
    isGrounded: z.boolean(),
  }),
  step("memory_read", {
    query: z.string(),
    facts: z.array(z.strictObject({ id: z.string(), score: z.number() })),
  }),
  step("memory_write", { factId: z.string(), kind: z.string(), replaces: z.string().nullable() }),
  step("delegation_start", { callId: z.string(), agent: z.string(), task: z.string() }),
  step("delegation_end", {
    callId: z.string(),
    agent: z.string(),
    status: z.enum(["completed", "failed", "escalated"]),
    summary: z.string(),
    durationMs: milliseconds,
  }),
  step("effect_recorded", {
    key: z.string(),
    callId: z.string(),
    tool: z.string(),
    status: z.enum(["intended", "done", "refused", "unknown", "compensated"]),
    detail: z.string(),
  }),
]);

/** The structured record of one trial. */
export const trace = z.strictObject({
  trace_id: z.string(),
  run_id: z.string(),
  case_id: z.string(),
  trial: count.describe("Counted from 0."),
  status: trialStatus,
  stop_reason: z.string(),
  error: trialError,
  passed: z.boolean().nullable().describe("null when the trial was not scored for success."),
  agent: z.string(),
  prompt_version: z.string().nullable().describe("null when a recording does not say."),
  agent_version: hash.describe("Content hash of agent file, prompts, tools and model parameters."),
  provider: z.string(),
  model: z.string(),
  dataset_hash: hash,
  answer: z.string().nullable(),
  transcript: z.array(z.strictObject({ role: z.enum(["user", "assistant"]), text: z.string() })),
  retrieved_chunks: z.array(retrievedChunk),
  tool_calls: z.array(toolCall),
  model_calls: z.array(modelCall),
  guardrails: z.array(
    z.strictObject({
      rule: z.string(),
      action: z.enum(["block", "flag", "redact", "quarantine", "confirm", "escalate"]),
      detail: z.string(),
      classifier: z.string().exactOptional().describe("What decided; left out for plain rules."),
      score: z.number().min(0).max(1).exactOptional(),
      documentIds: z.array(z.string()).exactOptional(),
      callId: z.string().exactOptional(),
    }),
  ),
  steps: z
    .array(runtimeStep)
    .describe("Strategy, reasoning, plans, context, grounding, memory, delegation and effects, in order."),
  errors: z.array(z.strictObject({ code: z.string(), message: z.string(), isRetryable: z.boolean() })),
  scores,
  check,
  latency_ms: milliseconds.nullable().describe("null when a recording does not say."),
  input_tokens: tokens.describe("Of the agent's own calls; null when a call did not say."),
  output_tokens: tokens.describe("Of the agent's own calls; null when a call did not say."),
  cost_usd: costUsd,
});
