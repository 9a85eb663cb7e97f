import type { Speaker } from "../core/events.js";
import type { Json } from "../core/hash.js";
import type { Score } from "../core/score.js";
import type { Trace } from "../core/trace.js";
import { type EnvironmentCheck, measuredMs, type Trial } from "../core/trial.js";
import { renderDocument } from "./json-document.js";
import { hasPassed, type TraceSubject } from "./trace-subject.js";

/** The structured record of one trial, as `agentctl trace --json` prints it. Unknown numbers are `null`. */
export interface TraceRecord {
  readonly trace_id: string;
  readonly run_id: string;
  readonly case_id: string;
  readonly trial: number;
  readonly status: Trial["status"];
  readonly stop_reason: string;
  readonly error: Trial["error"];
  readonly passed: boolean | null;
  readonly agent: string;
  /** `prompt.version` of the agent file; `null` when a recording does not say. */
  readonly prompt_version: string | null;
  /** Content hash of agent file, prompts, tools and model parameters. */
  readonly agent_version: string;
  readonly provider: string;
  readonly model: string;
  readonly dataset_hash: string;
  readonly answer: string | null;
  readonly transcript: Trace["transcript"];
  readonly retrieved_chunks: readonly {
    readonly query: string;
    readonly sequence: number;
    /** 1 is the best. */
    readonly rank: number;
    readonly document_id: string;
    readonly chunk_id: string;
    readonly title: string;
    readonly score: number;
    readonly text: string;
  }[];
  readonly tool_calls: readonly {
    readonly call_id: string;
    /** Order among all calls of the trial: the index of the event that began it. */
    readonly sequence: number;
    readonly name: string;
    readonly arguments: { readonly [key: string]: Json };
    readonly result: string | null;
    readonly is_error: boolean;
    readonly side_effect: boolean;
    readonly turn: number;
    readonly started_at: string;
    readonly latency_ms: number | null;
  }[];
  readonly model_calls: readonly {
    readonly call_id: string;
    readonly sequence: number;
    readonly speaker: Speaker;
    readonly provider: string;
    readonly model: string;
    readonly attempt: number;
    readonly text: string | null;
    readonly tool_call_ids: readonly string[];
    readonly finish_reason: string | null;
    readonly cached: boolean;
    /** Whether `latency_ms` is the provider's own time, not that of a cache or of a recording without times. */
    readonly timed: boolean;
    /** Time to the first token of a streamed reply, milliseconds; `null` when nothing measured it. */
    readonly first_token_ms: number | null;
    /** Who answered, when it was not the first model of a fallback chain; `null` when it was. */
    readonly answered_by: { readonly provider: string; readonly model: string } | null;
    /** How it ended when another attempt followed; `null` for a call that was not made again. */
    readonly failure: { readonly code: string; readonly after_ms: number } | null;
    readonly input_tokens: number | null;
    readonly output_tokens: number | null;
    readonly cost_usd: number | null;
    readonly started_at: string;
    readonly latency_ms: number | null;
  }[];
  readonly guardrails: Trace["guardrails"];
  /** Strategy, reasoning, plans, context, grounding, memory, delegation and effects, in order. */
  readonly steps: Trace["steps"];
  readonly errors: Trace["errors"];
  readonly scores: { readonly [metric: string]: Score };
  readonly check: EnvironmentCheck | null;
  /** `null` when a recording does not say. */
  readonly latency_ms: number | null;
  /** Tokens of the agent's own calls; `null` when a call did not say. */
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cost_usd: number | null;
}

/** The record as one JSON document. */
export function renderTraceRecord(subject: TraceSubject): string {
  return renderDocument("trace", traceRecord(subject));
}

function traceRecord({ run, trial, trace, row }: TraceSubject): TraceRecord {
  const tokens = agentTokens(trace);
  return {
    trace_id: trace.traceId,
    run_id: run.id,
    case_id: trial.caseId,
    trial: trial.trial,
    status: trial.status,
    stop_reason: trial.stopReason,
    error: trial.error,
    passed: hasPassed(row),
    agent: run.agentName,
    prompt_version: run.promptVersion,
    agent_version: run.agentVersion,
    provider: run.provider,
    model: run.model,
    dataset_hash: run.datasetHash,
    answer: trace.answer,
    transcript: trace.transcript,
    retrieved_chunks: trace.retrievals.flatMap(({ query, sequence, chunks }) =>
      chunks.map((chunk, index) => ({
        query,
        sequence,
        rank: index + 1,
        document_id: chunk.documentId,
        chunk_id: chunk.chunkId ?? chunk.documentId,
        title: chunk.title ?? "",
        score: chunk.score,
        text: chunk.text ?? "",
      })),
    ),
    tool_calls: trace.toolCalls.map((call) => ({
      call_id: call.callId,
      sequence: call.sequence,
      name: call.name,
      arguments: call.arguments,
      result: call.result,
      is_error: call.isError,
      side_effect: call.sideEffect,
      turn: call.turn,
      started_at: call.startedAt,
      latency_ms: call.durationMs,
    })),
    model_calls: trace.modelCalls.map((call) => ({
      call_id: call.callId,
      sequence: call.sequence,
      speaker: call.speaker,
      provider: call.provider,
      model: call.model,
      attempt: call.attempt,
      text: call.text,
      tool_call_ids: call.toolCallIds,
      finish_reason: call.finishReason,
      cached: call.cached,
      timed: call.timed,
      first_token_ms: call.firstTokenMs ?? null,
      answered_by: call.answeredBy ?? null,
      failure:
        call.failure === undefined ? null : { code: call.failure.code, after_ms: call.failure.afterMs },
      input_tokens: call.usage?.inputTokens ?? null,
      output_tokens: call.usage?.outputTokens ?? null,
      cost_usd: call.costUsd,
      started_at: call.startedAt,
      latency_ms: call.durationMs,
    })),
    guardrails: trace.guardrails,
    steps: trace.steps,
    errors: trace.errors,
    scores: row.scores,
    check: trial.check,
    latency_ms: measuredMs(trial),
    input_tokens: tokens?.input ?? null,
    output_tokens: tokens?.output ?? null,
    cost_usd: row.costUsd,
  };
}

function agentTokens(trace: Trace): { input: number; output: number } | null {
  let input = 0;
  let output = 0;
  for (const call of trace.modelCalls) {
    if (call.speaker !== "agent") continue;
    if (call.usage === null) return null;
    input += call.usage.inputTokens;
    output += call.usage.outputTokens;
  }
  return { input, output };
}
