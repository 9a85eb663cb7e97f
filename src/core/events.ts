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

/** How a search went. */
export interface RetrievalSearch {
  /** The query as it was searched, after rewriting; further ones that were searched as well follow. */
  readonly queries: readonly string[];
  readonly methods: readonly string[];
  /** What made the vectors: `hashed-ngram`, a lexical baseline, or the model of an endpoint; `null`: no vectors. */
  readonly embeddings: string | null;
  /** `features`, or the model of an endpoint; `null`: none. */
  readonly reranker: string | null;
  /** What could not be used, such as `vectors` when the embedding endpoint was down. */
  readonly degraded: readonly { readonly step: string; readonly reason: string }[];
}

/** `helper`: a part of the runtime that asks a model, such as a summary of old turns; its cost is the agent's. */
export type Speaker = "agent" | "user" | "helper";

type GuardrailAction = "block" | "flag" | "redact" | "quarantine" | "confirm" | "escalate";

/** Payload of each event type. Everything that a metric or a trace view needs is derived from these. */
export interface EventPayloads {
  msg_received: { role: "user" | "assistant"; text: string };
  llm_call_start: {
    callId: string;
    /** Who speaks: the agent under test, a simulated user, or a part of the runtime that asks for help. */
    speaker: Speaker;
    provider: string;
    model: string;
    /** Messages sent, the system prompt included. */
    messageCount: number;
    toolCount: number;
    attempt: number;
    /** Why it is made after another attempt of the same call; left out for the first. */
    again?: "retry" | "fallback" | "hedge";
  };
  llm_call_end: {
    callId: string;
    speaker: Speaker;
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
    /** Who answered, when it was not the first model of a fallback chain. */
    answeredBy?: { readonly provider: string; readonly model: string };
  };
  /** The breaker before an endpoint opened, let a probe through or closed. */
  llm_breaker_change: {
    provider: string;
    model: string;
    from: "closed" | "open" | "half-open";
    to: "closed" | "open" | "half-open";
    reason: string;
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
    /** `null` when an agent that is not built in made the call and does not say. */
    durationMs: number | null;
  };
  retrieval_query: { queryId: string; query: string; topK: number };
  /** `durationMs` is `null` when an agent that is not built in searched and does not say. */
  retrieval_result: { queryId: string; chunks: readonly RetrievedChunk[]; durationMs: number | null };
  /** How the passages of a query were found; plain BM25 in memory does not emit it. */
  retrieval_searched: RetrievalSearch & { queryId: string };
  guardrail_triggered: {
    /** `<layer>.<policy>`, such as `tool.permission`; layers: input, retrieval, tool, output. */
    rule: string;
    /**
     * `block`: it did not happen. `flag`: it happened, and was noticed. `redact`: a part was blacked out.
     * `quarantine`: the text reaches the model as data, without its instructions. `confirm`: the user was asked first.
     * `escalate`: a person was asked.
     */
    action: GuardrailAction;
    detail: string;
    /** What decided, such as `heuristic:override@1`; absent for plain rules. */
    classifier?: string;
    /** Of the classifier, 0 to 1. */
    score?: number;
    /** Documents that it was about. */
    documentIds?: readonly string[];
    /** The tool call that it was about. */
    callId?: string;
  };
  reasoning_step: {
    step: number;
    /** The thought. */
    text: string;
    /** How sure the model is of this step, 0 to 1; `null` when it did not say. */
    confidence?: number | null;
    /** What else was considered. */
    alternatives?: readonly string[];
    /** Ids of documents that stood in the context. */
    contextUsed?: readonly string[];
    /** Time that the step took, milliseconds. */
    durationMs?: number;
    /** Strategy that took the step. */
    strategy?: string;
  };
  strategy_selected: {
    strategy: string;
    /** One sentence each. */
    reasons: readonly string[];
    /** Each 0 to 1; `null` when it was not assessed. */
    ambiguity: number | null;
    stakes: number | null;
    confidence: number | null;
  };
  plan_updated: {
    /** 0 for the first plan; one more for each new one. */
    revision: number;
    reason: string;
    steps: readonly {
      readonly id: string;
      readonly tool: string;
      readonly after: readonly string[];
      readonly status: "pending" | "done" | "failed" | "skipped";
    }[];
  };
  /** One row of the ledger of side effects. */
  effect_recorded: {
    key: string;
    callId: string;
    tool: string;
    status: "intended" | "done" | "refused" | "unknown" | "compensated";
    detail: string;
  };
  context_fitted: {
    /** Tokens (estimated) before and after. */
    tokensBefore: number;
    tokensAfter: number;
    summarisedMessages: number;
    pinnedFacts: number;
  };
  grounding_assessed: {
    /** 0 to 1: 0.5 top + 0.2 gap + 0.3 agreement. */
    confidence: number;
    top: number;
    gap: number;
    agreement: number;
    threshold: number;
    isGrounded: boolean;
  };
  memory_read: { query: string; facts: readonly { readonly id: string; readonly score: number }[] };
  memory_write: { factId: string; kind: string; replaces: string | null };
  delegation_start: { callId: string; agent: string; task: string };
  delegation_end: {
    callId: string;
    agent: string;
    status: "completed" | "failed" | "escalated";
    summary: string;
    durationMs: number;
  };
  /**
   * What an agent that is not built in told of itself in one exchange. What it did not tell is not known, which is
   * another thing than none.
   */
  agent_reported: { toolCalls: boolean; retrievals: boolean; modelCalls: boolean };
  response_sent: { text: string };
  error: {
    code: string;
    message: string;
    isRetryable: boolean;
    /** The model call that ended so, where another one followed. */
    callId?: string;
  };
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
