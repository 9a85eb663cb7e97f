import type { Json } from "./hash.js";

/** A request by the model to run a tool. */
export interface ToolCall {
  /** Identifier given by the provider, unique within one conversation. */
  readonly id: string;
  readonly name: string;
  /** Parsed arguments; `{}` when `malformedArguments` is set. */
  readonly arguments: { readonly [key: string]: Json };
  /** The raw text, when it was not a JSON object. */
  readonly malformedArguments?: string;
}

/** One message of a conversation, as a model sees it. */
export type Message =
  | { readonly role: "system"; readonly content: string }
  | { readonly role: "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string | null; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: "tool"; readonly toolCallId: string; readonly name: string; readonly content: string };

/** A JSON Schema object (draft 2020-12 subset that providers accept). */
export type JsonSchema = { readonly [key: string]: Json };

/** What a model is told of a tool. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments object. */
  readonly parameters: JsonSchema;
}

/** Tokens that a model call used. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens` that was read from the provider's cache. */
  readonly cachedInputTokens?: number;
  /** Part of `inputTokens` that was written to the provider's cache; dearer than plain input at some. */
  readonly cacheWriteTokens?: number;
  /** Part of `outputTokens` that the model spent on reasoning; absent when the provider does not say. */
  readonly reasoningTokens?: number;
}

/** What a model says of how it came to its reply; its own words, not a measurement. */
export interface Reasoning {
  readonly thought: string;
  /** How sure the model is of its reply, 0 to 1; `null` when it does not say. */
  readonly confidence: number | null;
  /** What else it considered; empty when it names nothing. */
  readonly alternatives: readonly string[];
}

/** One whole answer of a model. */
export interface ModelReply {
  /** Text, or `null` when the reply is tool calls alone. */
  readonly text: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: "stop" | "tool_calls" | "length" | "content_filter";
  /** `null` when the provider did not say. */
  readonly usage: TokenUsage | null;
  /** US dollars; `null` when no price is known (missing, not free). */
  readonly costUsd: number | null;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  /** Absent when the provider gives none. */
  readonly reasoning?: Reasoning;
  /** Who answered, when it was not the first model of a fallback chain; names as the agent file gives them. */
  readonly answeredBy?: { readonly provider: string; readonly model: string };
}
