import { z } from "zod";
import type { TokenUsage } from "../../core/message.js";
import { toolCallFromText } from "../../models/tool-arguments.js";
import type { ReportedReasoning, ReportedRetrieval, ReportedStep, ReportedTool } from "./external-agent.js";

const durationMs = z.number().min(0).nullish();
const argumentsSchema = z.union([z.record(z.string(), z.json()), z.string()]).nullish();

const toolSchema = z.object({
  name: z.string().min(1),
  arguments: argumentsSchema,
  result: z.json().nullish(),
  is_error: z.boolean().nullish(),
  duration_ms: durationMs,
});

/** As chat completions write a call. */
const functionSchema = z
  .object({ function: z.object({ name: z.string().min(1), arguments: argumentsSchema }) })
  .transform((call) => ({
    ...call.function,
    result: null,
    is_error: null,
    duration_ms: null,
  }));

const documentSchema = z.union([
  z
    .string()
    .min(1)
    .transform((id) => ({ id })),
  z.object({
    id: z.string().min(1),
    chunk_id: z.string().nullish(),
    title: z.string().nullish(),
    text: z.string().nullish(),
    score: z.number().nullish(),
  }),
]);

const retrievalSchema = z.object({
  query: z.string().nullish(),
  documents: z.array(documentSchema),
  duration_ms: durationMs,
});

const reasoningSchema = z.union([
  z.string().transform((text) => ({ text })),
  z.object({
    text: z.string(),
    confidence: z.number().min(0).max(1).nullish(),
    alternatives: z.array(z.string()).nullish(),
  }),
]);

const reportSchema = z.object({
  reasoning: z.array(reasoningSchema).nullish(),
  retrievals: z.array(retrievalSchema).nullish(),
  tool_calls: z.array(z.union([toolSchema, functionSchema])).nullish(),
});

/** What an agent says of its work, as it came; `null` or left out: it does not say. */
export interface RawReport {
  readonly tool_calls?: unknown;
  readonly retrievals?: unknown;
  readonly reasoning?: unknown;
}

export interface ReadReport {
  readonly steps: readonly ReportedStep[];
  readonly says: { readonly tools: boolean; readonly retrievals: boolean; readonly modelCalls: false };
}

/**
 * Reads what an agent says of its thoughts, searches and tool calls; each kind in its order, in the order of this
 * sentence.
 *
 * @returns the place of what is wrong, such as `tool_calls.0.name`, where it cannot be read
 */
export function readReport(raw: RawReport): ReadReport | { readonly wrong: string } {
  const read = reportSchema.safeParse(raw);
  if (!read.success) return { wrong: read.error.issues[0]?.path.join(".") ?? "" };
  const { tool_calls: tools, retrievals, reasoning } = read.data;
  return {
    steps: [
      ...(reasoning ?? []).map((one) => ({ kind: "reasoning" as const, ...reasoningOf(one) })),
      ...(retrievals ?? []).map((one) => ({ kind: "retrieval" as const, ...retrievalOf(one) })),
      ...(tools ?? []).map((one) => ({ kind: "tool" as const, ...toolOf(one) })),
    ],
    says: { tools: Array.isArray(tools), retrievals: Array.isArray(retrievals), modelCalls: false },
  };
}

function toolOf({
  name,
  arguments: args,
  result,
  is_error,
  duration_ms,
}: z.output<typeof toolSchema>): ReportedTool {
  return {
    name,
    arguments: typeof args === "string" ? toolCallFromText("", name, args).arguments : (args ?? {}),
    result:
      result === null || result === undefined
        ? null
        : typeof result === "string"
          ? result
          : JSON.stringify(result),
    isError: is_error ?? false,
    durationMs: duration_ms ?? null,
  };
}

function retrievalOf({ query, documents, duration_ms }: z.output<typeof retrievalSchema>): ReportedRetrieval {
  return {
    query: query ?? "",
    chunks: documents.map((document, rank) => {
      const { id, chunk_id, title, text, score }: z.output<typeof documentSchema> & DocumentDetails =
        document;
      return {
        documentId: id,
        ...(chunk_id == null ? {} : { chunkId: chunk_id }),
        ...(title == null ? {} : { title }),
        ...(text == null ? {} : { text }),
        // Ranks alone are known: any falling numbers say as much.
        score: score ?? 1 / (rank + 1),
      };
    }),
    durationMs: duration_ms ?? null,
  };
}

interface DocumentDetails {
  readonly chunk_id?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly text?: string | null | undefined;
  readonly score?: number | null | undefined;
}

function reasoningOf(one: z.output<typeof reasoningSchema>): ReportedReasoning {
  return {
    text: one.text,
    confidence: "confidence" in one ? (one.confidence ?? null) : null,
    alternatives: "alternatives" in one ? (one.alternatives ?? []) : [],
  };
}

const count = z.int().min(0);
const usageSchema = z.union([
  z.object({
    input_tokens: count,
    output_tokens: count,
    cached_input_tokens: count.nullish(),
    reasoning_tokens: count.nullish(),
  }),
  z
    .object({ prompt_tokens: count, completion_tokens: count })
    .transform(({ prompt_tokens, completion_tokens }) => ({
      input_tokens: prompt_tokens,
      output_tokens: completion_tokens,
      cached_input_tokens: null,
      reasoning_tokens: null,
    })),
]);

/** Tokens that an agent says it used; `null` when it does not say, or says what makes no sense. */
export function readUsage(raw: unknown): TokenUsage | null {
  const read = usageSchema.safeParse(raw);
  if (!read.success) return null;
  const { input_tokens, output_tokens, cached_input_tokens, reasoning_tokens } = read.data;
  return {
    inputTokens: input_tokens,
    outputTokens: output_tokens,
    ...(cached_input_tokens == null ? {} : { cachedInputTokens: cached_input_tokens }),
    ...(reasoning_tokens == null ? {} : { reasoningTokens: reasoning_tokens }),
  };
}

/** US dollars that an agent says it cost; `null` when it does not say, or says what makes no sense. */
export function readCost(raw: unknown): number | null {
  return typeof raw === "number" && Number.isFinite(raw) && raw >= 0 ? raw : null;
}
