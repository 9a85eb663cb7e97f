import { caseOutcome, trialOutcome, worstFirst } from "../case-outcome.js";
import { expectationLines, inputText } from "../case-text.js";
import { primaryOf } from "../comparison/comparison-words.js";
import { classifyFailure } from "../failures/classify-failure.js";
import { FAILURE_KINDS } from "../failures/failure-kinds.js";
import { isHoldout } from "../hide-holdout.js";
import type { CaseReport, RunReport, TraceLoader } from "../run-report.js";
import { type FailureTally, tallyFailures } from "./failure-tally.js";
import { packed } from "./packed.js";
import {
  type CaseContext,
  type PageCase,
  pageCase,
  pageChange,
  type TrialFindings,
  WordList,
} from "./page-case.js";
import { TracePacker } from "./trace-packer.js";

/** How much of a run goes into one page. What is left out, the page says, with the command that shows it. */
export interface PageLimits {
  /** Cases that are listed; beyond, only those that did not pass. */
  readonly maxCases: number;
  /** Characters of the packed traces: of a run of up to 1,000 cases, and for each case beyond. */
  readonly traceCharacters: number;
  readonly traceCharactersPerCase: number;
  /** The same for the texts of the cases, before they are packed. */
  readonly textCharacters: number;
  readonly textCharactersPerCase: number;
  /** Characters of one text in a trace. */
  readonly maxTraceText: number;
  /** Passing trials whose trace goes in where there is room. */
  readonly passingTraces: number;
}

export const PAGE_LIMITS: PageLimits = {
  maxCases: 20_000,
  traceCharacters: 900_000,
  traceCharactersPerCase: 150,
  textCharacters: 700_000,
  textCharactersPerCase: 500,
  maxTraceText: 3_000,
  passingTraces: 20,
};

export interface PageData {
  /** Packed: cases, words and metrics of their scores, labels of the kinds of failure. */
  readonly index: string;
  readonly traceBlocks: readonly string[];
  readonly failures: readonly FailureTally[];
  readonly counts: PageCounts;
}

/** What the page holds of what the run has. */
export interface PageCounts {
  readonly cases: number;
  readonly listed: number;
  /** Trials that failed or could not be executed, but for those of holdout cases, whose traces are never shown. */
  readonly badTrials: number;
  readonly badTraces: number;
  readonly passedTrials: number;
  readonly passedTraces: number;
  /** Characters after which the texts of cases that did not pass, and of those that did, are cut. */
  readonly badText: number;
  readonly passedText: number;
}

/** What readers call each kind of failure. */
export const LABELS = Object.fromEntries(FAILURE_KINDS.map(({ kind, label }) => [kind, label]));

const LEVELS = [
  { bad: 4_000, passed: 1_000 },
  { bad: 2_000, passed: 500 },
  { bad: 1_000, passed: 300 },
  { bad: 500, passed: 160 },
  { bad: 250, passed: 100 },
] as const;

/**
 * Lays a report out for the page.
 *
 * @param report - with the texts of holdout cases taken out
 * @param whole - the same with them: kinds of failures are read from it, and nothing else
 * @param traces - all traces; those of holdout cases are read for their kind, and never shown
 * @param servedAt - path of the run on a server that has its traces; `null` for a page that stands alone
 */
export function pageData(
  report: RunReport,
  whole: RunReport,
  traces: TraceLoader,
  limits: PageLimits,
  servedAt: string | null,
): PageData {
  const sorted = worstFirst(report.cases);
  const listed =
    sorted.length <= limits.maxCases ? sorted : sorted.filter((one) => isBad(one)).slice(0, limits.maxCases);
  const beyond = Math.max(0, listed.length - 1_000);
  const packer = new TracePacker(
    limits.traceCharacters + beyond * limits.traceCharactersPerCase,
    limits.maxTraceText,
  );
  const wholeCases = new Map(whole.cases.map((one) => [one.goldenCase.id, one]));
  const findings = new Map<string, TrialFindings[]>();
  const counts = { badTrials: 0, badTraces: 0, passedTrials: 0, passedTraces: 0 };
  for (const one of sorted) {
    const own = wholeCases.get(one.goldenCase.id) ?? one;
    findings.set(
      one.goldenCase.id,
      own.trials.map((trial): TrialFindings => {
        const outcome = trialOutcome(trial);
        if (outcome !== "failed" && outcome !== "error") {
          if (outcome === "passed" && !isHoldout(one)) counts.passedTrials += 1;
          return { failure: null, trace: null };
        }
        const trace = traces(one.goldenCase.id, trial.trial);
        const failure = classifyFailure({ goldenCase: own.goldenCase, trial, trace });
        if (isHoldout(one)) return { failure, trace: null };
        counts.badTrials += 1;
        const place = trace === null || !packer.hasRoom ? null : packer.add(trace);
        if (place !== null) counts.badTraces += 1;
        return { failure, trace: place };
      }),
    );
  }
  counts.passedTraces = addPassing(listed, findings, traces, packer, limits.passingTraces);
  packer.close();
  const level = levelFor(listed, limits.textCharacters + beyond * limits.textCharactersPerCase);
  const words = new WordList();
  const metrics = metricsOf(listed);
  const context = (one: CaseReport): CaseContext => ({
    runId: report.run.id,
    metrics,
    words,
    max: isBad(one) ? level.bad : level.passed,
  });
  const changes = changesOf(report, level.bad);
  const cases = listed.map((one) =>
    pageCase(
      one,
      findings.get(one.goldenCase.id) ?? [],
      changes.get(one.goldenCase.id) ?? null,
      context(one),
    ),
  );
  return {
    index: packed({ cases, words: words.all(), metrics, labels: LABELS, servedAt }),
    traceBlocks: packer.blocks,
    failures: tallyFailures(sorted, findings),
    counts: {
      ...counts,
      cases: sorted.length,
      listed: listed.length,
      badText: level.bad,
      passedText: level.passed,
    },
  };
}

function isBad(one: CaseReport): boolean {
  const outcome = caseOutcome(one);
  return outcome !== "passed" && outcome !== "unscored";
}

/** Traces of some trials that passed, spread over the run, so that a reader can see what right looks like. */
function addPassing(
  listed: readonly CaseReport[],
  findings: Map<string, TrialFindings[]>,
  traces: TraceLoader,
  packer: TracePacker,
  most: number,
): number {
  const passing = listed.flatMap((one) => {
    const index = isHoldout(one) ? -1 : one.trials.findIndex((trial) => trialOutcome(trial) === "passed");
    return index < 0 ? [] : [{ id: one.goldenCase.id, index, trial: one.trials[index]?.trial ?? 0 }];
  });
  const step = Math.max(1, Math.ceil(passing.length / most));
  let added = 0;
  for (let at = 0; at < passing.length && packer.hasRoom; at += step) {
    const found = passing[at];
    if (found === undefined) break;
    const trace = traces(found.id, found.trial);
    const place = trace === null ? null : packer.add(trace);
    const own = findings.get(found.id);
    if (place === null || own === undefined) continue;
    own[found.index] = { failure: null, trace: place };
    added += 1;
  }
  return added;
}

/** The longest texts with which all cases together stay within a number of bytes. */
function levelFor(cases: readonly CaseReport[], most: number): (typeof LEVELS)[number] {
  const sizes = cases.map((one) => ({
    isBad: isBad(one),
    texts: textsOf(one).map((text) => Buffer.byteLength(text)),
  }));
  const fits = LEVELS.find((level) => {
    let sum = 0;
    for (const { isBad: bad, texts } of sizes) {
      for (const size of texts) sum += Math.min(size, bad ? level.bad : level.passed);
    }
    return sum <= most;
  });
  return fits ?? LEVELS[LEVELS.length - 1] ?? LEVELS[0];
}

function textsOf(one: CaseReport): readonly string[] {
  return [
    inputText(one.goldenCase.input),
    ...expectationLines(one.goldenCase),
    ...one.trials.flatMap((trial) => [...trial.failures, trial.answer ?? ""]),
  ];
}

function metricsOf(cases: readonly CaseReport[]): readonly string[] {
  const names = new Set<string>();
  for (const { trials } of cases) {
    for (const { scores } of trials) for (const name in scores) names.add(name);
  }
  return [...names];
}

function changesOf({ comparison }: RunReport, max: number): ReadonlyMap<string, PageCase["change"]> {
  const found = comparison?.candidates[0];
  if (comparison === null || found === undefined) return new Map();
  const unit = primaryOf(found)?.unit ?? "score";
  const entries = (["lost", "won"] as const).flatMap((word) =>
    found.changes[word].map(
      (one) => [one.caseId, pageChange(word, one, comparison.cases[one.caseId], unit, max)] as const,
    ),
  );
  return new Map(entries);
}
