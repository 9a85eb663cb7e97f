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

/** All calls of a trace in the order in which they began. */
export function spansOf(trace: Trace): Span[] {
  const models = trace.modelCalls.map((call) => ({
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
  const tools = trace.toolCalls.map((call) => ({
    kind: "tool" as const,
    label: call.name,
    startedAt: Date.parse(call.startedAt),
    durationMs: call.durationMs,
    isError: call.isError || call.result === null,
    facts: [call.sideEffect ? "side effect" : null, callEnd(call)].filter((fact) => fact !== null),
  }));
  const retrievals = trace.retrievals.map((one) => ({
    kind: "retrieval" as const,
    label: one.query,
    startedAt: Date.parse(one.startedAt),
    durationMs: one.durationMs,
    isError: one.durationMs === null,
    facts: [`${one.chunks.length} of top ${one.topK}`],
  }));
  const all = [...models, ...tools, ...retrievals].sort((left, right) => left.startedAt - right.startedAt);
  const first = all[0]?.startedAt ?? 0;
  return all.map(({ startedAt, ...span }) => ({ ...span, startMs: Math.max(0, startedAt - first) }));
}

function callEnd(call: Trace["toolCalls"][number]): string | null {
  return call.isError ? "error" : null;
}

/** Milliseconds from the first start to the last end, at least 1 so that it can divide. */
export function spanTotalMs(spans: readonly Span[]): number {
  return spans.reduce((end, span) => Math.max(end, span.startMs + (span.durationMs ?? 0)), 1);
}
