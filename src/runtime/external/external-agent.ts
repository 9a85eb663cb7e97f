import type { RetrievedChunk } from "../../core/events.js";
import type { Json } from "../../core/hash.js";
import type { Identity } from "../../core/identity.js";
import type { Message, ModelReply, TokenUsage, ToolCall, ToolSpec } from "../../core/message.js";
import type { RetryNotice } from "../../models/model.js";

/**
 * An agent that is not built in: a server, a process, a function, something that sends spans.
 *
 * How a kind plugs in: its block has a schema in `src/config/agent/external/<kind>-schema.ts`; its folder here exports
 * one function `open<Kind>(config, context)` that gives an `ExternalAgent`; `open-external.ts` names that function.
 * Everything else is done once for all kinds by `external-parts.ts`: limits and steps, events, redaction of `secrets`,
 * guardrails, tool calls that agentctl runs for the agent, and letting go of a session when anything fails. A kind has
 * to say what it knows and nothing more (`null` is "it did not say", an empty list is "there were none"), to fail with
 * a `ProviderError` and never with a cut answer, and to pass `testing/contract.ts`.
 */
export interface ExternalAgent {
  /** Hash of the files that decide how it behaves; `null` where none are known. Part of the agent version. */
  readonly hash: string | null;
  /** Values that must not reach events, errors or stores, such as those of headers; short ones are left alone. */
  readonly secrets: readonly string[];
  /**
   * Whether replies name the model calls behind them. They are the trial's model calls then; otherwise each exchange
   * counts as one call, with the usage and the cost of the reply.
   */
  readonly namesModelCalls: boolean;
  /** Begins a conversation. Cheap: what takes time is done by the first exchange. */
  open(conversation: ExternalConversation): ExternalSession;
  /** Lets go of everything, open sessions included. */
  close(): Promise<void>;
}

export interface ExternalConversation {
  readonly conversationId: string;
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  readonly identity: Identity;
  /** What it may ask agentctl to run; empty for nothing. */
  readonly tools: readonly ToolSpec[];
  /** What an earlier process noted of the conversation, such as the session id of the server; `null` for nothing. */
  readonly note: Json | null;
  /** Notes something that must survive a crash. */
  setNote(value: Json): void;
}

/** One conversation with the agent. Exchanges follow one another, never two at once. */
export interface ExternalSession {
  /**
   * Says what is new and waits for what the agent makes of it. A reply with `calls` is followed by an exchange with
   * their `results`.
   *
   * @throws {ProviderError} PROVIDER_TIMEOUT within the limits of the kind, PROVIDER_ABORTED at once when `signal` is
   *   aborted, AGENT_FAILED when the agent says that it failed or dies, PROVIDER_BAD_RESPONSE for what cannot be read.
   *   The session is closed after that and not used again.
   */
  exchange(said: ExternalMessage, options: ExchangeOptions): Promise<ExternalReply>;
  /** Ends it at once and leaves nothing behind: no process, no socket, no timer. Safe to call twice. */
  close(): Promise<void>;
}

export interface ExternalMessage {
  /** `results`: what became of the calls of the last reply. */
  readonly kind: "message" | "results";
  /** What the user said last. */
  readonly text: string;
  /** Empty for a message. */
  readonly results: readonly ToolResult[];
  /** The whole conversation, this message included; rules of the environment first, where there are some. */
  readonly messages: readonly Message[];
  /** W3C trace context that the agent is to continue: a header of kind http, a field of messages of kind exec. */
  readonly traceparent?: string;
}

/** What became of a call that agentctl ran. */
export interface ToolResult {
  readonly id: string;
  readonly name: string;
  readonly content: string;
  readonly isError: boolean;
}

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  /** To be called with each piece of the answer as it comes in; the first gives the time to the first token. */
  readonly onText: (delta: string) => void;
  /** To be called before a request is sent again. */
  readonly onRetry: (failure: RetryNotice) => void;
}

export interface ExternalReply {
  /** The answer; `null` where the agent asks for calls instead. An answer may be an empty text, when it says so. */
  readonly text: string | null;
  /** Calls that agentctl shall run, each with an id of its own. */
  readonly calls: readonly ToolCall[];
  /** It waits for the results in the middle of its work: usage and cost come with the reply that ends the turn. */
  readonly isPartial?: true;
  readonly finishReason: ModelReply["finishReason"];
  readonly usage: TokenUsage | null;
  /** US dollars. */
  readonly costUsd: number | null;
  /** The model that answered, as the agent names it. */
  readonly model: string | null;
  /** Whether the agent handed over to a person; `text` is said first. */
  readonly isEscalated: boolean;
  /** What it did since the last exchange, in its order. */
  readonly steps: readonly ReportedStep[];
  /** Whether it spoke about its own tool calls, its searches and its model calls, even if only to say "none". */
  readonly says: { readonly tools: boolean; readonly retrievals: boolean; readonly modelCalls: boolean };
  /** Milliseconds of the exchange in which the user had the answer already; no part of the trial's time. */
  readonly waitedMs?: number;
}

/** Something that the agent says that it did. */
export type ReportedStep =
  | ({ readonly kind: "tool" } & ReportedTool)
  | ({ readonly kind: "retrieval" } & ReportedRetrieval)
  | ({ readonly kind: "reasoning" } & ReportedReasoning)
  /** Only where {@link ExternalAgent.namesModelCalls}. */
  | ({ readonly kind: "model" } & ReportedModelCall)
  /** Something else failed that the agent got over. */
  | { readonly kind: "failure"; readonly message: string };

export interface ReportedTool {
  readonly name: string;
  readonly arguments: { readonly [key: string]: Json };
  /** `null` when it does not say. */
  readonly result: string | null;
  readonly isError: boolean;
  /** Milliseconds; `null` when it does not say. */
  readonly durationMs: number | null;
}

export interface ReportedRetrieval {
  readonly query: string;
  /** Best first. */
  readonly chunks: readonly RetrievedChunk[];
  /** Milliseconds; `null` when it does not say. */
  readonly durationMs: number | null;
}

export interface ReportedReasoning {
  readonly text: string;
  /** 0 to 1; `null` when it does not say. */
  readonly confidence: number | null;
  readonly alternatives: readonly string[];
}

export interface ReportedModelCall {
  /** E.g. `openai`, as the agent names it. */
  readonly provider: string;
  readonly model: string;
  readonly text: string | null;
  readonly finishReason: string;
  readonly usage: TokenUsage | null;
  /** US dollars. */
  readonly costUsd: number | null;
  /** Milliseconds; `null` when it does not say. */
  readonly durationMs: number | null;
  readonly firstTokenMs: number | null;
  /** Why it failed; `null` when it did not. */
  readonly error: string | null;
}
