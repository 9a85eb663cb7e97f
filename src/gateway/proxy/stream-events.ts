import type { AnswerFacts } from "./answer-facts.js";
import type { Wire } from "./api-routes.js";
import { isObject } from "./request-facts.js";
import { usageFrom } from "./token-usage.js";
import { responseReason, word } from "./whole-answer.js";

type Fields = { readonly [key: string]: unknown };

/** How the streams of one API are read. */
export interface StreamEventReader {
  /** Whether an event is sure to hold a piece of the answer and nothing else, told without parsing it. */
  isPlainPiece(data: string): boolean;
  /** Notes what an event says. @returns whether it holds a piece of the answer */
  read(event: Fields, facts: AnswerFacts): boolean;
}

/** Chat and completions: a chunk has choices; usage comes in a last chunk without any, or in every one. */
const openaiChunks: StreamEventReader = {
  isPlainPiece: (data) => !/"finish_reason"\s*:\s*"|"usage"\s*:\s*\{|"error"\s*:/.test(data),
  read(event, facts) {
    if (isObject(event.error)) facts.hasFailed = true;
    facts.model ??= word(event.model);
    facts.usage = usageFrom(event.usage) ?? facts.usage;
    const choices: readonly unknown[] = Array.isArray(event.choices) ? event.choices : [];
    let hasPiece = false;
    for (const choice of choices) {
      if (!isObject(choice)) continue;
      const reason = word(choice.finish_reason);
      if (reason !== null) {
        facts.finishReason ??= reason;
        facts.isComplete = true;
      }
      hasPiece ||= isSaid(choice.text) || (isObject(choice.delta) && isDelta(choice.delta));
    }
    return hasPiece;
  },
};

function isDelta(delta: Fields): boolean {
  const { content, refusal, reasoning, reasoning_content, tool_calls, function_call } = delta;
  return (
    [content, refusal, reasoning, reasoning_content].some(isSaid) ||
    (Array.isArray(tool_calls) && tool_calls.length > 0) ||
    isObject(function_call)
  );
}

function isSaid(text: unknown): boolean {
  return typeof text === "string" && text !== "";
}

/** Responses: events are named in `type`; the last one holds the whole response. */
const responseEvents: StreamEventReader = {
  isPlainPiece: (data) => /^\{"type"\s*:\s*"response\.[a-z_.]+\.delta"/.test(data),
  read(event, facts) {
    const type = word(event.type) ?? "";
    if (type === "error" || type === "response.failed") facts.hasFailed = true;
    if (isObject(event.response)) {
      facts.model = word(event.response.model) ?? facts.model;
      facts.usage = usageFrom(event.response.usage) ?? facts.usage;
      if (["response.completed", "response.incomplete", "response.failed"].includes(type)) {
        facts.finishReason = responseReason(event.response);
        facts.isComplete = true;
      }
    }
    return type.endsWith(".delta");
  },
};

/** Messages: counts of `message_delta` are cumulative and replace those of `message_start`. */
function messageEvents(): StreamEventReader {
  const counts = new WeakMap<AnswerFacts, Fields>();
  const addCounts = (facts: AnswerFacts, usage: unknown) => {
    if (!isObject(usage)) return;
    const stated = Object.entries(usage).filter(([, value]) => value !== null);
    const merged = { ...counts.get(facts), ...Object.fromEntries(stated) };
    counts.set(facts, merged);
    facts.usage = usageFrom(merged) ?? facts.usage;
  };
  return {
    isPlainPiece: (data) => /^\{"type"\s*:\s*"content_block_delta"/.test(data),
    read(event, facts) {
      if (event.type === "error") facts.hasFailed = true;
      else if (event.type === "message_stop") facts.isComplete = true;
      else if (event.type === "message_start" && isObject(event.message)) {
        facts.model = word(event.message.model);
        addCounts(facts, event.message.usage);
      } else if (event.type === "message_delta") {
        addCounts(facts, event.usage);
        if (isObject(event.delta)) facts.finishReason = word(event.delta.stop_reason) ?? facts.finishReason;
      }
      return event.type === "content_block_delta";
    },
  };
}

export const STREAM_READERS: Readonly<Record<Wire, StreamEventReader>> = {
  chat: openaiChunks,
  completions: openaiChunks,
  responses: responseEvents,
  messages: messageEvents(),
  embeddings: openaiChunks,
  models: openaiChunks,
};
