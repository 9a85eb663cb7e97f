import type { AgentEvent, EventPayloads, EventType } from "../../core/events.js";
import {
  type CaseInput,
  type Expectation,
  type GoldenCase,
  NOTHING_EXPECTED,
} from "../../core/golden-case.js";
import type { Json } from "../../core/hash.js";
import type { Score } from "../../core/score.js";
import { traceOf } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import type { ScoredInput, TrialRow } from "../metric.js";

/** What a test says about a trial; the rest is a plain completed trial of a case that states nothing. */
export interface TrialStory {
  readonly expect?: Partial<Expectation>;
  readonly tags?: readonly string[];
  readonly input?: CaseInput;
  readonly answer?: string | null;
  /** Earlier replies. */
  readonly replies?: readonly string[];
  /** One entry a retrieval: its chunks as [document id, text], best first. */
  readonly retrievals?: readonly (readonly (readonly [string, string])[])[];
  readonly tools?: readonly {
    readonly name: string;
    readonly args?: { readonly [key: string]: Json };
    readonly sideEffect?: boolean;
    readonly result?: string | null;
    readonly isError?: boolean;
  }[];
  readonly modelCalls?: readonly {
    readonly cached?: boolean;
    readonly timed?: boolean;
    readonly speaker?: "agent" | "user";
    readonly attempt?: number;
    readonly again?: "retry" | "fallback" | "hedge";
    readonly ended?: boolean;
    readonly tokens?: readonly [number, number] | null;
    readonly costUsd?: number | null;
    readonly cachedTokens?: number;
    readonly reasoningTokens?: number;
    readonly durationMs?: number;
    readonly firstTokenMs?: number;
  }[];
  readonly guardrails?: readonly {
    readonly rule: string;
    readonly action: "block" | "flag" | "redact";
  }[];
  readonly trial?: Partial<Trial>;
}

function caseOf(story: TrialStory = {}): GoldenCase {
  return {
    id: "case-1",
    input: story.input ?? { kind: "text", text: "How do I reset an expired API key?" },
    expect: { ...NOTHING_EXPECTED, ...story.expect },
    environment: null,
    risk: null,
    tags: story.tags ?? [],
    group: "case-1",
    split: "dev",
    review: null,
    line: 1,
    hash: "0",
  };
}

/** Case, trial and trace of a story; the trace is derived from events, as in a real run. */
export function inputOf(story: TrialStory = {}): ScoredInput {
  const events: AgentEvent[] = [];
  const emit = <Type extends EventType>(type: Type, payload: EventPayloads[Type]) => {
    const event = {
      event_id: `e${events.length}`,
      event_type: type,
      timestamp: "2026-11-21T00:00:00.000Z",
      conversation_id: "c",
      tenant_id: "t",
      turn_id: 0,
      trace_id: "trace",
      payload,
    };
    events.push(event as unknown as AgentEvent);
  };
  story.modelCalls?.forEach((call, index) => {
    const callId = `m${index}`;
    const speaker = call.speaker ?? "agent";
    const attempt = call.attempt ?? 1;
    emit("llm_call_start", {
      callId,
      speaker,
      provider: "p",
      model: "m",
      messageCount: 1,
      toolCount: 0,
      attempt,
      ...(call.again === undefined ? {} : { again: call.again }),
    });
    if (call.ended === false) return;
    const [inputTokens, outputTokens] = call.tokens ?? [0, 0];
    emit("llm_call_end", {
      callId,
      speaker,
      text: "",
      toolCalls: [],
      finishReason: "stop",
      usage:
        call.tokens === null
          ? null
          : {
              inputTokens,
              outputTokens,
              ...(call.cachedTokens === undefined ? {} : { cachedInputTokens: call.cachedTokens }),
              ...(call.reasoningTokens === undefined ? {} : { reasoningTokens: call.reasoningTokens }),
            },
      costUsd: call.costUsd === undefined ? 0 : call.costUsd,
      cached: call.cached ?? false,
      timed: call.timed ?? call.cached !== true,
      durationMs: call.durationMs ?? 1,
      ...(call.firstTokenMs === undefined ? {} : { firstTokenMs: call.firstTokenMs }),
    });
  });
  for (const guardrail of story.guardrails ?? []) {
    emit("guardrail_triggered", { ...guardrail, detail: "" });
  }
  story.retrievals?.forEach((chunks, index) => {
    const queryId = `q${index}`;
    emit("retrieval_query", { queryId, query: "q", topK: 5 });
    emit("retrieval_result", {
      queryId,
      durationMs: 1,
      chunks: chunks.map(([documentId, text], rank) => ({
        documentId,
        chunkId: `${documentId}#${rank}`,
        title: documentId,
        text,
        score: 1 - rank / 10,
      })),
    });
  });
  story.tools?.forEach((tool, index) => {
    const callId = `t${index}`;
    const { name, args = {}, sideEffect = false, result = "ok", isError = false } = tool;
    emit("tool_call_start", { callId, name, arguments: args, sideEffect });
    if (result === null) return;
    emit("tool_call_end", { callId, name, result, isError, truncatedChars: 0, durationMs: 1 });
  });
  for (const text of story.replies ?? []) emit("response_sent", { text });
  if (story.answer !== undefined && story.answer !== null) emit("response_sent", { text: story.answer });
  const trial: Trial = {
    caseId: "case-1",
    trial: 0,
    status: "completed",
    stopReason: "answered",
    error: null,
    traceId: "trace",
    startedAt: "2026-11-21T00:00:00.000Z",
    durationMs: 10,
    events,
    check: null,
    ...story.trial,
  };
  return { goldenCase: caseOf(story), trial, trace: traceOf(trial) };
}

/** A trial that infrastructure broke. */
export const BROKEN: Partial<Trial> = {
  status: "error",
  stopReason: "error",
  error: { code: "PROVIDER_TIMEOUT", message: "no reply", isRetryable: true },
};

/** A run row with the given scores. */
export function rowWith(
  scores: { readonly [metric: string]: number | Score },
  row: Partial<Omit<TrialRow, "scores">> = {},
): TrialRow {
  const full: Record<string, Score> = {};
  for (const [name, score] of Object.entries(scores)) {
    full[name] = typeof score === "number" ? { value: score } : score;
  }
  const caseId = row.caseId ?? "case-1";
  return {
    caseId,
    group: caseId,
    trial: 0,
    status: "completed",
    errorCode: null,
    durationMs: 10,
    untimed: null,
    costUsd: 0.01,
    ...row,
    scores: full,
  };
}
