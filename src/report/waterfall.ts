import type { RetrievedChunk } from "../core/events.js";
import type { Trace } from "../core/trace.js";
import { measuredMs } from "../core/trial.js";
import { cachedCallsNote } from "./cached-calls.js";
import { expectationLines } from "./case-text.js";
import { counted } from "./counted.js";
import { formatCost, formatDuration, shortHash } from "./format.js";
import { oneLine } from "./plain-text.js";
import { guardrailLines, runtimeLines } from "./runtime-lines.js";
import { type Span, spansOf, spanTotalMs } from "./spans.js";
import { type Color, type Paint, painter, type TextStyle, widthOf, wrap } from "./text-style.js";
import { textTable } from "./text-table.js";
import { hasPassed, type TraceSubject } from "./trace-subject.js";

const STOPPED_BECAUSE = {
  answered: "the agent answered",
  user_stop: "the user ended the conversation",
  environment_done: "the environment ended the conversation",
  escalated: "the agent handed over to a person",
  tool_loop: "the same failing tool call was made three times",
  step_limit: "the step limit was reached",
  deadline: "the deadline passed",
  budget: "the cost budget was used up",
  guardrail: "a guardrail blocked",
  error: "something failed that is not the agent's fault",
  aborted: "the run was interrupted",
} as const;

const KIND_COLOR: { readonly [Kind in Span["kind"]]: Color } = {
  model: "cyan",
  user: "dim",
  helper: "dim",
  tool: "yellow",
  retrieval: "green",
};

const LABEL_WIDTH = 28;
const FACTS_WIDTH = 34;
const MAX_CHUNKS = 10;

/** What happened in one trial, as text: spans as bars, conversation, tool calls, documents, scores, the end. */
export function renderWaterfall(subject: TraceSubject, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  return [
    ...heading(subject, paint, width),
    ...section("Spans", spanLines(spansOf(subject.trace), width, paint), paint),
    ...section("Conversation", conversationLines(subject.trace, width, paint), paint),
    ...section("Reasoning and decisions", runtimeLines(subject.trace.steps, width), paint),
    ...section("Tool calls", toolLines(subject.trace, width, paint), paint),
    ...section("Retrieved", retrievalLines(subject.trace, width, paint), paint),
    ...section("Guardrails and errors", troubleLines(subject, width, paint), paint),
    ...section("Scores", scoreLines(subject, width), paint),
    ...section(
      "Expected",
      expectationLines(subject.goldenCase).map((line) => oneLine(line, width - 2)),
      paint,
    ),
    ...ending(subject, paint, width),
  ].join("\n");
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ["", paint(title, "bold"), ...lines.map((line) => `  ${line}`)];
}

function heading({ run, trial, row }: TraceSubject, paint: Paint, width: number): string[] {
  const passed = hasPassed(row);
  const verdict =
    trial.status === "error"
      ? paint("ERROR", "red", "bold")
      : passed === null
        ? paint("NOT SCORED", "yellow", "bold")
        : passed
          ? paint("PASSED", "green", "bold")
          : paint("FAILED", "red", "bold");
  const place = `${run.suite} · run ${run.id} · trial ${trial.trial} · trace ${trial.traceId}`;
  const agent = `${run.agentName}@${shortHash(run.agentVersion)} on ${run.provider}/${run.model}`;
  return [
    `${verdict}  ${paint(oneLine(trial.caseId, width - 12), "bold")}`,
    ...[place, agent].flatMap((line) => wrap(line, width)).map((line) => paint(line, "dim")),
  ];
}

function spanLines(spans: readonly Span[], width: number, paint: Paint): string[] {
  const totalMs = spanTotalMs(spans);
  const barWidth = Math.max(10, width - LABEL_WIDTH - FACTS_WIDTH - 16);
  return spans.map((span) => {
    const label = oneLine(`${span.kind} ${span.label}`, LABEL_WIDTH).padEnd(LABEL_WIDTH);
    const start = Math.min(barWidth - 1, Math.floor((span.startMs / totalMs) * barWidth));
    const length = Math.max(1, Math.round(((span.durationMs ?? 0) / totalMs) * barWidth));
    const bar = "█".repeat(Math.min(length, barWidth - start));
    const track = " ".repeat(start) + bar + " ".repeat(barWidth - start - bar.length);
    const untold = span.isUntimed === true ? "not timed" : "never ended";
    const duration = span.durationMs === null ? untold : formatDuration(span.durationMs);
    const color = span.isError ? "red" : KIND_COLOR[span.kind];
    const facts = oneLine(span.facts.join(" · "), FACTS_WIDTH);
    return `${label} ${paint(track, color)} ${duration.padStart(11)}  ${paint(facts, "dim")}`.trimEnd();
  });
}

function conversationLines(trace: Trace, width: number, paint: Paint): string[] {
  return trace.transcript.map((line) => {
    const role = line.role.padEnd(10);
    return `${paint(role, line.role === "user" ? "dim" : "cyan")}${oneLine(line.text, width - 12)}`;
  });
}

function toolLines(trace: Trace, width: number, paint: Paint): string[] {
  return trace.toolCalls.flatMap((call) => {
    const mark = call.isError || call.result === null ? paint("✗", "red") : paint("✓", "green");
    const effect = call.sideEffect ? " (side effect)" : "";
    const result = call.result === null ? "never ended" : call.result;
    return [
      `${mark} ${oneLine(`${call.name}(${JSON.stringify(call.arguments)})${effect}`, width - 4)}`,
      paint(`  → ${oneLine(result, width - 6)}`, call.isError ? "red" : "dim"),
    ];
  });
}

function retrievalLines(trace: Trace, width: number, paint: Paint): string[] {
  return trace.retrievals.flatMap((one) => [
    `query ${JSON.stringify(oneLine(one.query, width - 12))}, top ${one.topK}`,
    ...one.chunks.slice(0, MAX_CHUNKS).map((chunk, index) => chunkLine(chunk, index, width, paint)),
    ...(one.chunks.length > MAX_CHUNKS ? [`  and ${one.chunks.length - MAX_CHUNKS} more`] : []),
  ]);
}

function chunkLine(chunk: RetrievedChunk, index: number, width: number, paint: Paint): string {
  const score = Number(chunk.score.toPrecision(4));
  const head = `${String(index + 1).padStart(2)}. ${oneLine(chunk.documentId, 32)}  ${score}  `;
  return head + paint(oneLine(chunk.text ?? "", Math.max(10, width - head.length - 2)), "dim");
}

function troubleLines({ trace, trial }: TraceSubject, width: number, paint: Paint): string[] {
  const lines = trace.guardrails.flatMap((one) => guardrailLines(one, width));
  for (const error of trace.errors)
    lines.push(paint(oneLine(`${error.code}: ${error.message}`, width - 4), "red"));
  const { error } = trial;
  if (error !== null && !trace.errors.some((one) => one.code === error.code)) {
    lines.push(paint(oneLine(`${error.code}: ${error.message}`, width - 4), "red"));
  }
  for (const difference of trial.check?.stateDifferences ?? []) {
    lines.push(oneLine(`state differs at ${difference}`, width - 4));
  }
  for (const output of trial.check?.missingOutputs ?? []) {
    lines.push(oneLine(`no reply contains ${JSON.stringify(output)}`, width - 4));
  }
  return lines;
}

function scoreLines({ row }: TraceSubject, width: number): string[] {
  const rows = Object.entries(row.scores).map(([metric, score]) => {
    const value = score.value === null ? "–" : String(Number(score.value.toPrecision(4)));
    const note = score.value === null ? score.reason : (score.detail ?? "");
    return [metric, value, oneLine(note, Math.max(20, width - 44))];
  });
  if (rows.length === 0) return [];
  return textTable([{ title: "" }, { title: "", align: "right" }, { title: "" }], rows).slice(1);
}

function ending({ trial, trace, row }: TraceSubject, paint: Paint, width: number): string[] {
  const agentCalls = trace.modelCalls.filter((call) => call.speaker === "agent");
  const tokens = agentCalls.some((call) => call.usage === null)
    ? "tokens unknown"
    : `${sum(agentCalls.map((call) => call.usage?.inputTokens ?? 0))} tokens in, ${sum(agentCalls.map((call) => call.usage?.outputTokens ?? 0))} out`;
  const totals = [
    formatDuration(measuredMs(trial)),
    counted(agentCalls.length, "model call"),
    counted(trace.toolCalls.length, "tool call"),
    tokens,
    `cost ${formatCost(row.costUsd)}`,
  ];
  const why = `Stopped because ${STOPPED_BECAUSE[trial.stopReason]} (${trial.stopReason}).`;
  const cached = cachedCallsNote(trace);
  return [
    "",
    paint(why, "bold"),
    totals.join(" · "),
    ...wrap(cached === null ? "" : `${cached}.`, width).map((line) => paint(line, "dim")),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
