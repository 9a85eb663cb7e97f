import type { ChangedCase } from "../../comparison/comparison.js";
import { formatAmount } from "../../comparison/sentences.js";
import type { MetricUnit } from "../../core/score.js";
import { caseOutcome, type Outcome, trialOutcome } from "../case-outcome.js";
import { expectationLines, inputText } from "../case-text.js";
import type { ChangedCaseText, ChangedTrial } from "../comparison/comparison-report.js";
import type { Failure } from "../failures/classify-failure.js";
import type { FailureKind } from "../failures/failure-kinds.js";
import { formatCost, formatDuration, traceCommand } from "../format.js";
import { isHoldout } from "../hide-holdout.js";
import type { CaseReport, TrialReport } from "../run-report.js";
import { pageText } from "./page-text.js";
import type { TracePlace } from "./trace-packer.js";

/** Score as the page reads it: the number, or number (`null`: none) and place of the note in the words; `0` in a list: not computed. */
type PageScore = number | readonly [number | null, number] | "";

interface PageTrial {
  readonly n: number;
  readonly outcome: Outcome;
  readonly kind: FailureKind | null;
  /** What decided its kind; `null` where no rule did, and where it would tell of a holdout case. */
  readonly because: string | null;
  readonly stop: string;
  readonly why: readonly string[];
  readonly came: string | null;
  readonly time: string;
  /** Whether the waterfall has times. */
  readonly isTimed: boolean;
  readonly cost: string;
  /** In the order of the page's metrics. */
  readonly scores: readonly PageScore[];
  readonly command: string;
  readonly trace: TracePlace | null;
}

/** One side of a case whose outcome changed. */
interface PageSide {
  readonly score: string;
  readonly failures: readonly string[];
  readonly came: string | null;
  readonly tools: readonly string[];
  readonly facts: string;
  readonly command: string;
}

/** A case as the page's script reads it. */
export interface PageCase {
  readonly id: string;
  readonly outcome: Outcome;
  /** Kinds of its bad trials, each once. */
  readonly kinds: readonly FailureKind[];
  readonly asked: string;
  readonly expected: readonly string[];
  readonly tags: readonly string[];
  readonly facts: readonly string[];
  readonly trials: readonly PageTrial[];
  readonly change: {
    readonly word: "lost" | "won";
    readonly before: PageSide | null;
    readonly after: PageSide | null;
  } | null;
}

/** Names of metrics and notes on scores, each once: they are most of a large page otherwise. */
export class WordList {
  private readonly places = new Map<string, number>();
  place(word: string): number {
    const place = this.places.get(word) ?? this.places.size;
    this.places.set(word, place);
    return place;
  }
  all(): readonly string[] {
    return [...this.places.keys()];
  }
}

/** What stands around a case on its page. */
export interface CaseContext {
  readonly runId: string;
  readonly metrics: readonly string[];
  readonly words: WordList;
  /** Characters of one text. */
  readonly max: number;
}

/** What was found out of a trial before it is laid out. */
export interface TrialFindings {
  readonly failure: Failure | null;
  readonly trace: TracePlace | null;
}

export function pageCase(
  one: CaseReport,
  findings: readonly TrialFindings[],
  change: PageCase["change"],
  context: CaseContext,
): PageCase {
  const { goldenCase } = one;
  const { max } = context;
  const facts = [
    goldenCase.split,
    goldenCase.risk === null ? null : `risk ${goldenCase.risk}`,
    goldenCase.group === goldenCase.id ? null : `group ${goldenCase.group}`,
  ];
  const trials = one.trials.map((trial, index) =>
    pageTrial(one, trial, findings[index] ?? { failure: null, trace: null }, context),
  );
  return {
    id: goldenCase.id,
    outcome: caseOutcome(one),
    kinds: [...new Set(trials.flatMap(({ kind }) => kind ?? []))],
    asked: pageText(inputText(goldenCase.input), max),
    expected: expectationLines(goldenCase).map((line) => pageText(line, max)),
    tags: goldenCase.tags,
    facts: facts.filter((fact) => fact !== null),
    trials,
    change,
  };
}

function pageTrial(
  one: CaseReport,
  trial: TrialReport,
  { failure, trace }: TrialFindings,
  { runId, metrics, words, max }: CaseContext,
): PageTrial {
  const why = trial.error === null ? [...trial.failures] : [`${trial.error.code}: ${trial.error.message}`];
  for (const difference of trial.check?.stateDifferences ?? []) {
    if (!why.some((reason) => reason.includes(difference))) why.push(`the state differs at ${difference}`);
  }
  return {
    n: trial.trial,
    outcome: trialOutcome(trial),
    kind: failure?.kind ?? null,
    because:
      failure === null || failure.kind === "other" || isHoldout(one) ? null : pageText(failure.because, max),
    stop: trial.stopReason,
    why: why.map((reason) => pageText(reason, max)),
    came: trial.answer === null ? null : pageText(trial.answer, max),
    time: formatDuration(trial.durationMs),
    isTimed: trial.durationMs !== null,
    cost: formatCost(trial.costUsd),
    scores: metrics.map((metric): PageScore => {
      // A metric may have any name, also one that every object knows.
      const score = Object.hasOwn(trial.scores, metric) ? trial.scores[metric] : undefined;
      if (score === undefined) return "";
      const note = score.value === null ? score.reason : (score.detail ?? "");
      const value = score.value === null ? null : Number(score.value.toPrecision(4));
      return value !== null && note === "" ? value : [value, words.place(pageText(note, Math.min(max, 600)))];
    }),
    command: traceCommand(runId, one.goldenCase.id, trial.trial),
    trace,
  };
}

/** What a changed case was and is, for the page. */
export function pageChange(
  word: "lost" | "won",
  { caseId, baseline, candidate }: ChangedCase,
  text: ChangedCaseText | undefined,
  unit: MetricUnit,
  max: number,
): PageCase["change"] {
  const side = (score: number, trial: ChangedTrial | null | undefined): PageSide | null =>
    trial === null || trial === undefined
      ? null
      : {
          score: formatAmount(score, unit),
          failures: text?.isHoldout === true ? [] : trial.failures.map((one) => pageText(one, max)),
          came: text?.isHoldout === true || trial.answer === null ? null : pageText(trial.answer, max),
          tools: trial.toolCalls.slice(0, 60),
          facts: `trial ${trial.trial} · ${formatDuration(trial.durationMs)} · cost ${formatCost(trial.costUsd)}`,
          command: traceCommand(trial.runId, caseId, trial.trial),
        };
  return { word, before: side(baseline, text?.baseline), after: side(candidate, text?.candidates[0]) };
}
