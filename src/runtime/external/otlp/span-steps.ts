import type { RetrievedChunk } from "../../../core/events.js";
import type { TokenUsage } from "../../../core/message.js";
import type { ReportedModelCall, ReportedRetrieval, ReportedTool } from "../external-agent.js";
import {
  amountAt,
  asText,
  isObject,
  itemsOf,
  type JsonObject,
  textAt,
  unflattened,
  unpacked,
  valueAt,
} from "./read-attributes.js";
import type { Attributes, Span } from "./span.js";
import { outputMessages, textOfMessages } from "./span-messages.js";

/** Milliseconds that a span took, on the clock of the agent; `null` when it ends before it begins. */
function durationOf({ startNano, endNano }: Span): number | null {
  return endNano < startNano ? null : Number(endNano - startNano) / 1e6;
}

/** A span of a model call, before its price. */
export function modelCallOf(span: Span): Omit<ReportedModelCall, "costUsd"> {
  const { attributes } = span;
  const output = outputMessages(span);
  const reason = itemsOf(valueAt(attributes, "gen_ai.response.finish_reasons"))[0];
  return {
    provider:
      textAt(attributes, "gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system") ?? "unknown",
    model:
      textAt(attributes, "gen_ai.response.model", "gen_ai.request.model", "llm.model_name", "ai.model.id") ??
      "unknown",
    text: textOfMessages(output),
    finishReason:
      (typeof reason === "string" ? reason : null) ??
      textAt(attributes, "ai.response.finishReason") ??
      output.find(({ finishReason }) => finishReason !== null)?.finishReason ??
      "unknown",
    usage: usageOf(attributes),
    durationMs: durationOf(span),
    firstTokenMs: firstTokenMs(attributes),
    error: errorOf(span),
  };
}

/** Why a span failed; `null` when it did not say so. */
export function errorOf({ status, events, attributes }: Span): string | null {
  if (status.code !== "error") return null;
  const exception = events.findLast(({ name }) => name === "exception")?.attributes;
  const type = textAt(attributes, "error.type") ?? textAt(exception ?? new Map(), "exception.type");
  const message = status.message || textAt(exception ?? new Map(), "exception.message");
  return [type, message].filter((part) => part !== null && part !== "").join(": ") || "the span says no more";
}

function firstTokenMs(attributes: Attributes): number | null {
  const seconds = amountAt(attributes, "gen_ai.response.time_to_first_chunk");
  return seconds === null ? amountAt(attributes, "ai.response.msToFirstChunk") : seconds * 1000;
}

/** Tokens of a call; `null` when the span does not name both those in and those out. */
export function usageOf(attributes: Attributes): TokenUsage | null {
  const inputTokens = amountAt(
    attributes,
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
  );
  const outputTokens = amountAt(
    attributes,
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
  );
  if (inputTokens === null || outputTokens === null) return null;
  const cached = amountAt(
    attributes,
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
  );
  const written = amountAt(
    attributes,
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "llm.token_count.prompt_details.cache_write",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
  );
  const reasoning = amountAt(
    attributes,
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
    "ai.usage.outputTokenDetails.reasoningTokens",
    "ai.usage.reasoningTokens",
  );
  const fromCache = (cached ?? 0) + (written ?? 0);
  return {
    // Some instrumentations count the cached tokens apart, which shows when they are more than the whole.
    inputTokens: fromCache > inputTokens ? inputTokens + fromCache : inputTokens,
    outputTokens,
    ...(cached === null ? {} : { cachedInputTokens: cached }),
    ...(written === null ? {} : { cacheWriteTokens: written }),
    ...(reasoning === null ? {} : { reasoningTokens: reasoning }),
  };
}

/** Name of the tool that a span ran. */
export function toolNameOf({ attributes, name }: Span): string {
  const stated = textAt(
    attributes,
    "gen_ai.tool.name",
    "ai.toolCall.name",
    "tool.name",
    "tool_call.function.name",
    "traceloop.entity.name",
  );
  return stated ?? (name.replace(/^execute_tool\s+/, "") || "unknown");
}

export function toolCallIdOf({ attributes }: Span): string | null {
  return textAt(attributes, "gen_ai.tool.call.id", "ai.toolCall.id", "tool_call.id", "tool.id");
}

/** A span of a tool call; what the agent does not record is left empty. */
export function toolOf(span: Span): ReportedTool {
  const { attributes } = span;
  const given = valueAt(
    attributes,
    "gen_ai.tool.call.arguments",
    "ai.toolCall.args",
    "tool_call.function.arguments",
    "input.value",
    "traceloop.entity.input",
  );
  const result = valueAt(
    attributes,
    "gen_ai.tool.call.result",
    "ai.toolCall.result",
    "output.value",
    "traceloop.entity.output",
  );
  const error = errorOf(span);
  return {
    name: toolNameOf(span),
    arguments: argumentsOf(given),
    result: result === undefined ? error : asText(result),
    isError: error !== null,
    durationMs: durationOf(span),
  };
}

/** Arguments as an object: a tool that takes one plain value has it as `input`. */
export function argumentsOf(given: ReturnType<typeof valueAt>): JsonObject {
  if (given === undefined || given === null) return {};
  if (!isObject(given)) return { input: given };
  // OpenLLMetry records how a function was called, in Python and in JavaScript.
  const inner = isObject(given.kwargs) && Array.isArray(given.args) ? given.kwargs : given.inputs;
  return isObject(inner) ? inner : given;
}

/** A span of a search. Documents without a score are ranked by their place. */
export function retrievalOf(span: Span): ReportedRetrieval {
  const { attributes } = span;
  const documents =
    valueAt(attributes, "gen_ai.retrieval.documents") ?? unflattened(attributes, "retrieval.documents");
  return {
    query:
      textAt(
        attributes,
        "gen_ai.retrieval.query.text",
        "input.value",
        "traceloop.entity.input",
        "ai.value",
      ) ?? "",
    chunks: itemsOf(documents ?? undefined)
      .filter(isObject)
      .map(chunkOf),
    durationMs: durationOf(span),
  };
}

function chunkOf(found: JsonObject, rank: number): RetrievedChunk {
  const document = isObject(found.document) ? found.document : found;
  const metadata = unpacked(document.metadata ?? null);
  const id = document.id ?? (isObject(metadata) ? (metadata.id ?? metadata.source) : undefined);
  const text = document.content ?? document.text;
  return {
    documentId: id === undefined || id === null ? `unnamed-${rank + 1}` : asText(id),
    ...(typeof document.title === "string" ? { title: document.title } : {}),
    ...(typeof text === "string" ? { text } : {}),
    score: typeof document.score === "number" ? document.score : 1 / (rank + 1),
  };
}
