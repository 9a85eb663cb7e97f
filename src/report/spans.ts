import type { Trace } from "../core/trace.js";
import { formatCost } from "./format.js";

/** One bar of a waterfall. */
export interface Span {
  /** `helper`: a part of the runtime that asked the model. */
  readonly kind: "model" | "user" | "helper" | "tool" | "retrieval";
  readonly label: string;
  /** Milliseconds after the first span began. */
  readonly startMs: number;
  /** `null` when it never ended, or is untimed. */
  readonly durationMs: number | null;
  /** It ended, and nobody knows how long it took; absent otherwise. */
  readonly isUntimed?: true;
  readonly isError: boolean;
  /** Short facts: tokens, cost, documents, result. */
  readonly facts: readonly string[];
}

/** All calls of a trace in the order in which they began, which is that of their events. */
export function spansOf(trace: Trace): Span[] {
  const models = trace.modelCalls.map((call) => ({
    sequence: call.sequence,
    kind: call.speaker === "agent" ? ("model" as const) : call.speaker,
    label: call.model,
    startedAt: Date.parse(call.startedAt),
    durationMs: call.durationMs ?? call.failure?.afterMs ?? null,
    isError: call.durationMs === null,
    facts: [
      call.attempt > 1 ? `attempt ${call.attempt}` : null,
      call.failure?.code ?? null,
      call.cached ? "cached" : null,
      call.answeredBy === undefined ? null : `by ${call.answeredBy.provider}/${call.answeredBy.model}`,
      call.usage === null ? null : `${call.usage.inputTokens} in, ${call.usage.outputTokens} out`,
      call.costUsd === null ? null : formatCost(call.costUsd),
      call.finishReason,
    ].filter((fact) => fact !== null),
  }));
  const tools = trace.toolCalls.map((call) => ({
    sequence: call.sequence,
    kind: "tool" as const,
    label: call.name,
    startedAt: Date.parse(call.startedAt),
    durationMs: call.durationMs,
    ...(call.result !== null && call.durationMs === null ? { isUntimed: true as const } : {}),
    isError: call.isError || call.result === null,
    facts: [call.sideEffect ? "side effect" : null, call.isError ? "error" : null].filter(
      (fact) => fact !== null,
    ),
  }));
  const retrievals = trace.retrievals.map((one) => ({
    sequence: one.sequence,
    kind: "retrieval" as const,
    label: one.query,
    startedAt: Date.parse(one.startedAt),
    durationMs: one.durationMs,
    ...(one.isUntimed === true ? { isUntimed: true as const } : {}),
    isError: one.durationMs === null && one.isUntimed !== true,
    facts: [`${one.chunks.length} of top ${one.topK}`],
  }));
  const all = [...models, ...tools, ...retrievals].sort((left, right) => left.sequence - right.sequence);
  const first = all.reduce((least, span) => Math.min(least, span.startedAt), all[0]?.startedAt ?? 0);
  return all.map(({ startedAt, sequence: _sequence, ...span }) => ({ ...span, startMs: startedAt - first }));
}

/** Milliseconds from the first start to the last end, at least 1 so that it can divide. */
export function spanTotalMs(spans: readonly Span[]): number {
  return spans.reduce((end, span) => Math.max(end, span.startMs + (span.durationMs ?? 0)), 1);
}
