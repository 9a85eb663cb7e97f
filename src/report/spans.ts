import type { Trace } from "../core/trace.js";

/** One bar of a waterfall. */
export interface Span {
  readonly kind: "model" | "user" | "tool" | "retrieval";
  readonly label: string;
  /** Milliseconds after the first span began. */
  readonly startMs: number;
  /** `null` when it never ended. */
  readonly durationMs: number | null;
  readonly isError: boolean;
  /** Short facts: tokens, cost, documents, result. */
  readonly facts: readonly string[];
}

/**
 * All calls of a trace in the order in which they began. Times have whole milliseconds: within one, a retrieval
 * comes before a model call, and a tool call after the model call that asked for it.
 */
export function spansOf(trace: Trace): Span[] {
  const models = trace.modelCalls.map((call, index) => ({
    rank: index,
    kind: call.speaker === "agent" ? ("model" as const) : ("user" as const),
    label: call.attempt > 1 ? `${call.model} (attempt ${call.attempt})` : call.model,
    startedAt: Date.parse(call.startedAt),
    durationMs: call.durationMs,
    isError: call.durationMs === null,
    facts: [
      call.usage === null ? null : `${call.usage.inputTokens} in, ${call.usage.outputTokens} out`,
      call.costUsd === null ? null : `$${Number(call.costUsd.toPrecision(3))}`,
      call.cached ? "cached" : null,
      call.finishReason,
    ].filter((fact) => fact !== null),
  }));
  const askedBy = askers(trace);
  const tools = trace.toolCalls.map((call, index) => ({
    rank: (askedBy[index] ?? 0) + 0.5,
    kind: "tool" as const,
    label: call.name,
    startedAt: Date.parse(call.startedAt),
    durationMs: call.durationMs,
    isError: call.isError || call.result === null,
    facts: [call.sideEffect ? "side effect" : null, callEnd(call)].filter((fact) => fact !== null),
  }));
  const retrievals = trace.retrievals.map((one) => ({
    rank: -1,
    kind: "retrieval" as const,
    label: one.query,
    startedAt: Date.parse(one.startedAt),
    durationMs: one.durationMs,
    isError: one.durationMs === null,
    facts: [`${one.chunks.length} of top ${one.topK}`],
  }));
  const all = [...models, ...tools, ...retrievals].sort(
    (left, right) => left.startedAt - right.startedAt || left.rank - right.rank,
  );
  const first = all[0]?.startedAt ?? 0;
  return all.map(({ startedAt, rank: _rank, ...span }) => ({
    ...span,
    startMs: Math.max(0, startedAt - first),
  }));
}

/**
 * Index of the model call that asked for each tool call. Ids of tool spans need not be those of the provider, which
 * may repeat: tool calls run in the order in which they were asked for, so the position decides.
 */
function askers(trace: Trace): number[] {
  const asked = trace.modelCalls.flatMap((call, index) => call.toolCallIds.map(() => index));
  return trace.toolCalls.map((_call, index) => asked[index] ?? trace.modelCalls.length - 1);
}

function callEnd(call: Trace["toolCalls"][number]): string | null {
  return call.isError ? "error" : null;
}

/** Milliseconds from the first start to the last end, at least 1 so that it can divide. */
export function spanTotalMs(spans: readonly Span[]): number {
  return spans.reduce((end, span) => Math.max(end, span.startMs + (span.durationMs ?? 0)), 1);
}
