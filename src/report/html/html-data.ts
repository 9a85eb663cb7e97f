import type { Trace } from "../../core/trace.js";
import { cachedCallsNote } from "../cached-calls.js";
import { caseOutcome, type Outcome, trialOutcome, worstFirst } from "../case-outcome.js";
import { expectationLines, inputText } from "../case-text.js";
import { formatCost, formatDuration, traceCommand } from "../format.js";
import { isHoldout } from "../hide-holdout.js";
import { clip } from "../plain-text.js";
import type { CaseReport, RunReport, TraceLoader, TrialReport } from "../run-report.js";
import { type Span, spansOf } from "../spans.js";

/** How much of a run goes into one page. Beyond that a reader is sent to `agentctl trace`. */
export interface PageLimits {
  /** Traces of trials that failed or could not be executed. */
  readonly maxTraces: number;
  /** Characters of all traces together. */
  readonly maxTraceCharacters: number;
  /** Characters of one text inside a trace or a case. */
  readonly maxTextCharacters: number;
}

/** A case as the page's script reads it; the names are short because there may be 10,000. */
interface PageCase {
  readonly id: string;
  readonly outcome: Outcome;
  readonly asked: string;
  readonly expected: readonly string[];
  readonly tags: readonly string[];
  readonly facts: readonly string[];
  readonly trials: readonly PageTrial[];
}

interface PageTrial {
  readonly n: number;
  readonly outcome: Outcome;
  readonly stop: string;
  readonly why: readonly string[];
  readonly came: string | null;
  readonly time: string;
  readonly cost: string;
  /** Place of the name in `PageData.words`, value as text (`null`: no score), place of the note. */
  readonly scores: readonly (readonly [number, string | null, number])[];
  readonly command: string;
  /** Id of the script element with the trace, or `null` when the page holds none. */
  readonly trace: string | null;
}

interface PageTrace {
  readonly spans: readonly Span[];
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
  readonly notes: readonly string[];
  /** What to know of cost and time when the response cache answered, or `null`. */
  readonly cached: string | null;
}

export interface PageData {
  /** Failing cases first. */
  readonly cases: readonly PageCase[];
  /** Names of metrics and notes on scores, each once: they are most of a large page otherwise. */
  readonly words: readonly string[];
  /** JSON texts of the traces by the id of their script element. */
  readonly traces: ReadonlyMap<string, PageTrace>;
  /** Trials that failed or could not be executed, but for those of holdout cases, whose traces are never shown. */
  readonly badTrials: number;
}

/** Lays a report out for the page, and takes as many traces of bad trials along as the limits allow. */
export function pageData(report: RunReport, traces: TraceLoader, limits: PageLimits): PageData {
  const words = new Map<string, number>();
  const placeOf = (word: string): number => {
    const place = words.get(word) ?? words.size;
    words.set(word, place);
    return place;
  };
  const embedded = new Map<string, PageTrace>();
  let characters = 0;
  let badTrials = 0;
  const embed = (one: CaseReport, caseIndex: number, trial: TrialReport): string | null => {
    const outcome = trialOutcome(trial);
    if (outcome !== "failed" && outcome !== "error") return null;
    if (isHoldout(one)) return null;
    badTrials += 1;
    if (embedded.size >= limits.maxTraces || characters >= limits.maxTraceCharacters) return null;
    const trace = traces(one.goldenCase.id, trial.trial);
    if (trace === null) return null;
    const page = pageTrace(trace, limits.maxTextCharacters);
    const size = JSON.stringify(page).length;
    if (characters + size > limits.maxTraceCharacters) return null;
    characters += size;
    const id = `trace-${caseIndex}-${trial.trial}`;
    embedded.set(id, page);
    return id;
  };
  const cases = worstFirst(report.cases).map((one, caseIndex) => {
    const trials = one.trials.map((trial) =>
      pageTrial(report, one, trial, limits.maxTextCharacters, {
        trace: embed(one, caseIndex, trial),
        placeOf,
      }),
    );
    return pageCase(one, trials, limits.maxTextCharacters);
  });
  return { cases, words: [...words.keys()], traces: embedded, badTrials };
}

function pageCase(one: CaseReport, trials: readonly PageTrial[], max: number): PageCase {
  const { goldenCase } = one;
  const facts = [goldenCase.split, goldenCase.risk === null ? null : `risk ${goldenCase.risk}`];
  return {
    id: goldenCase.id,
    outcome: caseOutcome(one),
    asked: clip(inputText(goldenCase.input), max),
    expected: expectationLines(goldenCase).map((line) => clip(line, max)),
    tags: goldenCase.tags,
    facts: facts.filter((fact) => fact !== null),
    trials,
  };
}

function pageTrial(
  report: RunReport,
  one: CaseReport,
  trial: TrialReport,
  max: number,
  { trace, placeOf }: { trace: string | null; placeOf: (word: string) => number },
): PageTrial {
  const why = trial.error === null ? [...trial.failures] : [`${trial.error.code}: ${trial.error.message}`];
  for (const difference of trial.check?.stateDifferences ?? []) {
    if (!why.some((reason) => reason.includes(difference))) why.push(`the state differs at ${difference}`);
  }
  return {
    n: trial.trial,
    outcome: trialOutcome(trial),
    stop: trial.stopReason,
    why: why.map((reason) => clip(reason, max)),
    came: trial.answer === null ? null : clip(trial.answer, max),
    time: formatDuration(trial.durationMs),
    cost: formatCost(trial.costUsd),
    scores: Object.entries(trial.scores).map(([metric, score]) => [
      placeOf(metric),
      score.value === null ? null : String(Number(score.value.toPrecision(4))),
      placeOf(clip(score.value === null ? score.reason : (score.detail ?? ""), max)),
    ]),
    command: traceCommand(report.run.id, one.goldenCase.id, trial.trial),
    trace,
  };
}

function pageTrace(trace: Trace, max: number): PageTrace {
  return {
    spans: spansOf(trace),
    transcript: trace.transcript.map((line) => ({ ...line, text: clip(line.text, max) })),
    tools: trace.toolCalls.map((call) => ({
      name: call.name,
      args: clip(JSON.stringify(call.arguments, null, 2), max),
      result: call.result === null ? null : clip(call.result, max),
      isError: call.isError,
      sideEffect: call.sideEffect,
    })),
    retrievals: trace.retrievals.map((one) => ({
      query: clip(one.query, max),
      topK: one.topK,
      chunks: one.chunks.map((chunk) => ({
        id: chunk.documentId,
        score: String(Number(chunk.score.toPrecision(4))),
        text: clip(chunk.text ?? "", max),
      })),
    })),
    notes: [
      ...trace.guardrails.map((one) => clip(`guardrail ${one.rule} (${one.action}): ${one.detail}`, max)),
      ...trace.errors.map((one) => clip(`${one.code}: ${one.message}`, max)),
    ],
    cached: cachedCallsNote(trace),
  };
}
