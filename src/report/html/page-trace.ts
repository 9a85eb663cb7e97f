import type { Trace } from "../../core/trace.js";
import { cachedCallsNote } from "../cached-calls.js";
import { type Span, spansOf } from "../spans.js";
import { pageText } from "./page-text.js";

/** Most of each kind that the page takes of one trace; what is left out is said in `notes`. */
const MOST = { lines: 80, tools: 60, retrievals: 20, chunks: 10, guardrails: 40 };

/** A bar of the waterfall, or a guardrail, which takes no time that anybody measures. */
type PageSpan = Span | { readonly kind: "guardrail"; readonly label: string; readonly isError: boolean };

/** A trace as the page's script shows it. */
export interface PageTrace {
  /** In the order in which they began; a guardrail stands behind the call that it was about. */
  readonly spans: readonly PageSpan[];
  readonly transcript: Trace["transcript"];
  readonly tools: readonly {
    readonly name: string;
    readonly args: string;
    readonly result: string | null;
    readonly isError: boolean;
    readonly sideEffect: boolean;
  }[];
  readonly retrievals: readonly {
    readonly query: string;
    readonly topK: number;
    readonly chunks: readonly { readonly id: string; readonly score: string; readonly text: string }[];
  }[];
  /** Guardrails and errors in words. */
  readonly troubles: readonly string[];
  /** What was cut, what the cache answered. */
  readonly notes: readonly string[];
}

/**
 * Lays one trace out for the page or a server.
 *
 * @param max - characters of one text
 */
export function pageTrace(trace: Trace, max: number): PageTrace {
  const cached = cachedCallsNote(trace);
  const notes = [
    ...(cached === null ? [] : [`${cached}.`]),
    ...leftOut(trace.transcript.length, MOST.lines, "lines of the conversation"),
    ...leftOut(trace.toolCalls.length, MOST.tools, "tool calls"),
    ...leftOut(trace.retrievals.length, MOST.retrievals, "retrievals"),
    ...leftOut(trace.guardrails.length, MOST.guardrails, "guardrails"),
  ];
  return {
    spans: spansWithGuardrails(trace, max),
    transcript: trace.transcript
      .slice(0, MOST.lines)
      .map((line) => ({ ...line, text: pageText(line.text, max) })),
    tools: trace.toolCalls.slice(0, MOST.tools).map((call) => ({
      name: call.name,
      args: pageText(JSON.stringify(call.arguments, null, 2), max),
      result: call.result === null ? null : pageText(call.result, max),
      isError: call.isError,
      sideEffect: call.sideEffect,
    })),
    retrievals: trace.retrievals.slice(0, MOST.retrievals).map((one) => ({
      query: pageText(one.query, max),
      topK: one.topK,
      chunks: one.chunks.slice(0, MOST.chunks).map((chunk) => ({
        id: chunk.documentId,
        score: String(Number(chunk.score.toPrecision(4))),
        text: pageText(chunk.text ?? "", max),
      })),
    })),
    troubles: [
      ...trace.guardrails
        .slice(0, MOST.guardrails)
        .map((one) => pageText(`guardrail ${one.rule} (${one.action}): ${one.detail}`, max)),
      ...trace.errors.map((one) => pageText(`${one.code}: ${one.message}`, max)),
    ],
    notes,
  };
}

function leftOut(found: number, most: number, what: string): string[] {
  return found > most
    ? [`The first ${most} of ${found} ${what} are shown; the command below shows all.`]
    : [];
}

/** Guardrails carry no time: each stands behind the call or the stage of the loop that it watched. */
function spansWithGuardrails(trace: Trace, max: number): readonly PageSpan[] {
  const spans = spansOf(trace)
    .slice(0, 2 * MOST.tools + MOST.lines)
    .map((span) => ({ ...span, label: pageText(span.label, Math.min(max, 200)) }));
  const guards = trace.guardrails.slice(0, MOST.guardrails);
  if (guards.length === 0) return spans;
  const callIds = [...trace.toolCalls].sort((a, b) => a.sequence - b.sequence).map(({ callId }) => callId);
  const lastRetrieval = spans.findLastIndex(({ kind }) => kind === "retrieval");
  const placeOf = ({ rule, callId }: Trace["guardrails"][number]): number => {
    const call = callId === undefined ? -1 : callIds.indexOf(callId);
    if (call >= 0) return nthTool(spans, call);
    if (rule.startsWith("input.")) return -1;
    return rule.startsWith("retrieval.") ? lastRetrieval : spans.length - 1;
  };
  const behind = guards.map((guard) => ({
    place: placeOf(guard),
    span: {
      kind: "guardrail" as const,
      label: pageText(`${guard.rule} (${guard.action})`, Math.min(max, 200)),
      isError: guard.action === "block" || guard.action === "escalate",
    },
  }));
  const at = (place: number) => behind.filter((one) => one.place === place).map(({ span }) => span);
  return [...at(-1), ...spans.flatMap((span, index) => [span, ...at(index)])];
}

function nthTool(spans: readonly Span[], nth: number): number {
  let seen = -1;
  return spans.findIndex(({ kind }) => {
    if (kind === "tool") seen += 1;
    return kind === "tool" && seen === nth;
  });
}
