import type { Json } from "./hash.js";
import type { TokenUsage, ToolCall } from "./message.js";

/** A passage that retrieval returned, best first. */
export interface RetrievedChunk {
  readonly documentId: string;
  /** Absent, as title and text are, in a ranking that names documents only. */
  readonly chunkId?: string;
  readonly title?: string;
  readonly text?: string;
  /** Relevance, higher is better; its scale is the retriever's own. */
  readonly score: number;
}

/** Payload of each event type. Everything that a metric or a trace view needs is derived from these. */
export interface EventPayloads {
  msg_received: { role: "user" | "assistant"; text: string };
  llm_call_start: {
    callId: string;
    /** Who speaks: the agent under test, or a simulated user. */
    speaker: "agent" | "user";
    provider: string;
    model: string;
    /** Messages sent, the system prompt included. */
    messageCount: number;
    toolCount: number;
    attempt: number;
  };
  llm_call_end: {
    callId: string;
    speaker: "agent" | "user";
    text: string | null;
    toolCalls: readonly ToolCall[];
    finishReason: string;
    usage: TokenUsage | null;
    /** `null` when no price is known: missing, not free. */
    costUsd: number | null;
    /** Whether a cache answered: the call then cost nothing in this run. */
    cached: boolean;
    /** Time of the provider; of a replayed call, as recorded. */
    durationMs: number;
    /** Whether `durationMs` is the provider's own time, not that of a cache or of a recording without times. */
    timed: boolean;
    /** Time to the first token of a streamed reply; absent or `null` when nothing measured it. */
    firstTokenMs?: number | null;
  };
  tool_call_start: {
    callId: string;
    name: string;
    arguments: { readonly [key: string]: Json };
    sideEffect: boolean;
  };
  tool_call_end: {
    callId: string;
    name: string;
    /** Exactly what the model reads, after truncation. */
    result: string;
    isError: boolean;
    /** Characters that the truncation policy removed; 0 when nothing was. */
    truncatedChars: number;
    durationMs: number;
  };
  retrieval_query: { queryId: string; query: string; topK: number };
  retrieval_result: { queryId: string; chunks: readonly RetrievedChunk[]; durationMs: number };
  guardrail_triggered: { rule: string; action: "block" | "flag" | "redact"; detail: string };
  reasoning_step: { step: number; text: string };
  response_sent: { text: string };
  error: { code: string; message: string; isRetryable: boolean };
}

export type EventType = keyof EventPayloads;

/** One thing that happened in a conversation. */
export type AgentEvent = { [Type in EventType]: EventOf<Type> }[EventType];

export interface EventOf<Type extends EventType> {
  readonly event_id: string;
  readonly event_type: Type;
  /** ISO 8601 with milliseconds, UTC. */
  readonly timestamp: string;
  readonly conversation_id: string;
  readonly tenant_id: string;
  /** 0-based index of the user turn. */
  readonly turn_id: number;
  readonly trace_id: string;
  readonly payload: Readonly<EventPayloads[Type]>;
}

/** Records one event; ids and time are added by the recorder. */
export type Emit = <Type extends EventType>(type: Type, payload: EventPayloads[Type]) => void;
