import type { AgentEvent, EventOf, EventType, RetrievedChunk, Speaker } from "./events.js";
import type { Json } from "./hash.js";
import type { TokenUsage } from "./message.js";
import type { Trial } from "./trial.js";

export interface ModelCallSpan {
  readonly callId: string;
  /**
   * Index of the event that began it among all events of the trial, from 0: the order of spans, which timestamps
   * of whole milliseconds do not hold.
   */
  readonly sequence: number;
  readonly speaker: Speaker;
  readonly provider: string;
  readonly model: string;
  readonly startedAt: string;
  /** `null` when the call never ended (crash, abort). */
  readonly durationMs: number | null;
  readonly text: string | null;
  readonly toolCallIds: readonly string[];
  readonly usage: TokenUsage | null;
  readonly costUsd: number | null;
  /** Whether a cache answered: the call then cost nothing in this run. */
  readonly cached: boolean;
  /** Whether `durationMs` is the provider's own time, not that of a cache or of a recording without times. */
  readonly timed: boolean;
  /** Time to the first token of a streamed reply, milliseconds; left out when nothing measured it. */
  readonly firstTokenMs?: number;
  /** How it ended when another attempt followed: code of the error, milliseconds after the start. */
  readonly failure?: { readonly code: string; readonly afterMs: number };
  /** Who answered, when it was not the first model of a fallback chain; left out when it was. */
  readonly answeredBy?: { readonly provider: string; readonly model: string };
  readonly finishReason: string | null;
  readonly attempt: number;
  /** Why it was made after another attempt; left out for the first, and where nobody says. */
  readonly again?: "retry" | "fallback" | "hedge";
}

export interface ToolCallSpan {
  readonly callId: string;
  /** As {@link ModelCallSpan.sequence}. */
  readonly sequence: number;
  readonly name: string;
  readonly arguments: { readonly [key: string]: Json };
  readonly sideEffect: boolean;
  readonly startedAt: string;
  readonly durationMs: number | null;
  /** `null` when the call never ended. */
  readonly result: string | null;
  readonly isError: boolean;
  readonly turn: number;
}

interface RetrievalSpan {
  /** As {@link ModelCallSpan.sequence}. */
  readonly sequence: number;
  readonly query: string;
  readonly topK: number;
  readonly chunks: readonly RetrievedChunk[];
  readonly durationMs: number | null;
  /** It ended, and who reported it does not say how long it took. */
  readonly isUntimed?: true;
  readonly startedAt: string;
}

/** One line of the conversation, as the user would see it. */
interface TranscriptLine {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** Events in which the runtime says what it thought, decided and kept. */
const RUNTIME_EVENTS = [
  "strategy_selected",
  "reasoning_step",
  "plan_updated",
  "context_fitted",
  "retrieval_searched",
  "grounding_assessed",
  "memory_read",
  "memory_write",
  "delegation_start",
  "delegation_end",
  "effect_recorded",
] as const satisfies readonly EventType[];

type RuntimeEventType = (typeof RUNTIME_EVENTS)[number];

/** One of {@link RUNTIME_EVENTS}, with its place among all events of the trial. */
export type RuntimeStep = {
  [Type in RuntimeEventType]: {
    /** As {@link ModelCallSpan.sequence}. */
    readonly sequence: number;
    readonly turn: number;
    readonly at: string;
    readonly type: Type;
    readonly payload: EventOf<Type>["payload"];
  };
}[RuntimeEventType];

/** What happened in a trial, derived from its events. */
export interface Trace {
  readonly traceId: string;
  readonly transcript: readonly TranscriptLine[];
  /** Everything that the agent said to the user, in order. */
  readonly replies: readonly string[];
  /** The last reply, or `null` when the agent never answered. */
  readonly answer: string | null;
  readonly modelCalls: readonly ModelCallSpan[];
  readonly toolCalls: readonly ToolCallSpan[];
  readonly retrievals: readonly RetrievalSpan[];
  readonly guardrails: readonly EventOf<"guardrail_triggered">["payload"][];
  /** Strategy, reasoning, plans, context, grounding, memory, delegation and effects, in order. */
  readonly steps: readonly RuntimeStep[];
  readonly errors: readonly EventOf<"error">["payload"][];
  /** What an agent that is not built in left unsaid in some exchange: not known, not none. Left out: nothing. */
  readonly unreported?: readonly UnreportedPart[];
}

const UNREPORTED = ["toolCalls", "retrievals", "modelCalls"] as const;

/** A part of a trace that only the agent could have told. */
export type UnreportedPart = (typeof UNREPORTED)[number];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Derives the trace of a trial from its events, in one pass. Unknown event types are ignored. */
export function traceOf(trial: Pick<Trial, "traceId" | "events">): Trace {
  const builder = new TraceBuilder();
  for (const [sequence, event] of trial.events.entries()) builder.add(event, sequence);
  return builder.build(trial.traceId);
}

class TraceBuilder {
  private readonly transcript: TranscriptLine[] = [];
  private readonly modelCalls = new Map<string, Mutable<ModelCallSpan>>();
  private readonly toolCalls = new Map<string, Mutable<ToolCallSpan>>();
  private readonly retrievals = new Map<string, Mutable<RetrievalSpan>>();
  private readonly guardrails: EventOf<"guardrail_triggered">["payload"][] = [];
  private readonly steps: RuntimeStep[] = [];
  private readonly errors: EventOf<"error">["payload"][] = [];
  private readonly unreported = new Set<UnreportedPart>();

  add(event: AgentEvent, sequence: number): void {
    switch (event.event_type) {
      case "msg_received":
        this.transcript.push({ role: event.payload.role, text: event.payload.text });
        break;
      case "response_sent":
        this.transcript.push({ role: "assistant", text: event.payload.text });
        break;
      case "llm_call_start":
        this.modelCalls.set(event.payload.callId, {
          callId: event.payload.callId,
          sequence,
          speaker: event.payload.speaker,
          provider: event.payload.provider,
          model: event.payload.model,
          attempt: event.payload.attempt,
          ...(event.payload.again === undefined ? {} : { again: event.payload.again }),
          startedAt: event.timestamp,
          durationMs: null,
          text: null,
          toolCallIds: [],
          usage: null,
          costUsd: null,
          cached: false,
          timed: false,
          finishReason: null,
        });
        break;
      case "llm_call_end": {
        const span = this.modelCalls.get(event.payload.callId);
        if (span === undefined) break;
        span.durationMs = event.payload.durationMs;
        span.text = event.payload.text;
        span.toolCallIds = event.payload.toolCalls.map((call) => call.id);
        span.usage = event.payload.usage;
        span.costUsd = event.payload.costUsd;
        span.cached = event.payload.cached;
        span.timed = event.payload.timed;
        if (typeof event.payload.firstTokenMs === "number") span.firstTokenMs = event.payload.firstTokenMs;
        if (event.payload.answeredBy !== undefined) span.answeredBy = event.payload.answeredBy;
        span.finishReason = event.payload.finishReason;
        break;
      }
      case "tool_call_start":
        this.toolCalls.set(event.payload.callId, {
          callId: event.payload.callId,
          sequence,
          name: event.payload.name,
          arguments: event.payload.arguments,
          sideEffect: event.payload.sideEffect,
          startedAt: event.timestamp,
          durationMs: null,
          result: null,
          isError: false,
          turn: event.turn_id,
        });
        break;
      case "tool_call_end": {
        const span = this.toolCalls.get(event.payload.callId);
        if (span === undefined) break;
        span.durationMs = event.payload.durationMs;
        span.result = event.payload.result;
        span.isError = event.payload.isError;
        break;
      }
      case "retrieval_query":
        this.retrievals.set(event.payload.queryId, {
          sequence,
          query: event.payload.query,
          topK: event.payload.topK,
          chunks: [],
          durationMs: null,
          startedAt: event.timestamp,
        });
        break;
      case "retrieval_result": {
        const span = this.retrievals.get(event.payload.queryId);
        if (span === undefined) break;
        span.chunks = event.payload.chunks;
        span.durationMs = event.payload.durationMs;
        if (event.payload.durationMs === null) span.isUntimed = true;
        break;
      }
      case "agent_reported":
        for (const part of UNREPORTED) {
          if (!event.payload[part]) this.unreported.add(part);
        }
        break;
      case "guardrail_triggered":
        this.guardrails.push(event.payload);
        break;
      case "error":
        this.errors.push(event.payload);
        this.endFailed(event);
        break;
      default:
        if (isRuntimeEvent(event)) this.steps.push(runtimeStep(event, sequence));
        break;
    }
  }

  /** A model call that failed and was made again. */
  private endFailed({ payload: { callId, code }, timestamp }: EventOf<"error">): void {
    const span = callId === undefined ? undefined : this.modelCalls.get(callId);
    if (span === undefined) return;
    span.failure = { code, afterMs: Date.parse(timestamp) - Date.parse(span.startedAt) };
  }

  build(traceId: string): Trace {
    const replies = this.transcript.filter((line) => line.role === "assistant").map((line) => line.text);
    return {
      traceId,
      transcript: this.transcript,
      replies,
      answer: replies.at(-1) ?? null,
      modelCalls: [...this.modelCalls.values()],
      toolCalls: [...this.toolCalls.values()],
      retrievals: [...this.retrievals.values()],
      guardrails: this.guardrails,
      steps: this.steps,
      errors: this.errors,
      ...(this.unreported.size === 0
        ? {}
        : { unreported: UNREPORTED.filter((part) => this.unreported.has(part)) }),
    };
  }
}

function isRuntimeEvent(event: AgentEvent): event is Extract<AgentEvent, { event_type: RuntimeEventType }> {
  return RUNTIME_EVENTS.some((type) => type === event.event_type);
}

function runtimeStep(
  event: Extract<AgentEvent, { event_type: RuntimeEventType }>,
  sequence: number,
): RuntimeStep {
  return {
    sequence,
    turn: event.turn_id,
    at: event.timestamp,
    type: event.event_type,
    payload: event.payload,
  } as RuntimeStep;
}
