import type { RunHeader } from "../../core/run.js";
import { traceOf } from "../../core/trace.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { TrialRow } from "../../metrics/metric.js";
import { type Outcome, trialOutcome } from "../../report/case-outcome.js";
import { classifyFailure } from "../../report/failures/classify-failure.js";
import { hideCase, isHoldout } from "../../report/hide-holdout.js";
import { pageTrace } from "../../report/html/page-trace.js";
import type { CaseReport } from "../../report/run-report.js";
import { type CaseAnswer, type CaseInRun, casePage } from "../../report/view/case-page.js";
import { trialPage } from "../../report/view/trial-page.js";
import { metricSetOfRun } from "../gate/judge-run-gates.js";
import { trialReport } from "../run/build-report.js";
import {
  NothingThere,
  pageOf,
  type ViewReply,
  type ViewRequest,
  type ViewSite,
  withRun,
} from "./view-site.js";

const PER_PAGE = 20;
const MOST_TRACE_TEXT = 20_000;

/** `/cases/ID`: one case over the runs of a suite. */
export function viewCase(site: ViewSite, { names: [caseId = ""], query }: ViewRequest): ViewReply {
  const { catalogue, store } = site;
  const suites = catalogue.suitesOfCase(caseId);
  const suite = query.get("suite") || suites[0];
  const page = pageOf(query);
  if (suite === undefined) throw new NothingThere(`No stored run has a trial of case ${caseId}.`);
  const { runIds, total } = catalogue.runsOfCase(caseId, suite, PER_PAGE, (page - 1) * PER_PAGE);
  const headers = runIds.flatMap((id) => store.getRun(id) ?? []);
  const [newest] = headers;
  if (newest === undefined)
    throw new NothingThere(`No stored run of ${suite} has a trial of case ${caseId} here.`);
  const metric = query.get("metric") || TASK_SUCCESS;
  const runs = headers.map((run) => caseInRun(site, run, caseId));
  const hash = runs[0]?.hash ?? null;
  const goldenCase = hash === null ? null : store.getCase(hash);
  const known = metricSetOfRun(newest).metrics.find(({ name }) => name === metric);
  return {
    page: casePage({
      caseId,
      suite,
      suites,
      goldenCase: goldenCase === null ? null : hideCase({ goldenCase, trials: [] }).goldenCase,
      runs,
      total,
      page,
      perPage: PER_PAGE,
      metric,
      unit: known?.unit ?? "score",
      metrics: metricsOf(runs),
      answers: answersOf(site, runs, headers, caseId, query),
    }),
  };
}

function caseInRun({ catalogue }: ViewSite, run: RunHeader, caseId: string): CaseInRun {
  return {
    run,
    hash: run.plan.find((planned) => planned.caseId === caseId)?.caseHash ?? null,
    trials: catalogue.rowsOfCase(run.id, caseId).map((row) => ({
      trial: row.trial,
      outcome: outcomeOf(row),
      scores: row.scores,
      durationMs: row.untimed === undefined || row.untimed === null ? row.durationMs : null,
      costUsd: row.costUsd,
    })),
  };
}

function outcomeOf({ status, scores }: TrialRow): Outcome {
  if (status === "error") return "error";
  const value = scores[TASK_SUCCESS]?.value ?? null;
  return value === null ? "unscored" : value === 1 ? "passed" : "failed";
}

function metricsOf(runs: readonly CaseInRun[]): readonly string[] {
  const names = new Set<string>();
  for (const { trials } of runs) {
    for (const { scores } of trials) {
      for (const [name, { value }] of Object.entries(scores)) if (value !== null) names.add(name);
    }
  }
  return [...names].sort();
}

/** The answers of two runs: those that were asked for, else of the newest and the one before. */
function answersOf(
  site: ViewSite,
  runs: readonly CaseInRun[],
  headers: readonly RunHeader[],
  caseId: string,
  query: URLSearchParams,
): readonly [CaseAnswer, CaseAnswer] | null {
  const chosen = (name: string, otherwise: number) =>
    runs.find(({ run }) => run.id === query.get(name)) ?? runs[otherwise];
  const [before, after] = [chosen("before", 1), chosen("after", 0)];
  if (before === undefined || after === undefined) return null;
  const wanted = after.trials.find(({ outcome }) => outcome !== "passed")?.trial ?? 0;
  const answer = (one: CaseInRun) => {
    const trial = one.trials.find((other) => other.trial === wanted) ?? one.trials[0];
    const header = headers.find(({ id }) => id === one.run.id);
    return trial === undefined || header === undefined ? null : answerOf(site, header, caseId, trial.trial);
  };
  const [left, right] = [answer(before), answer(after)];
  return left === null || right === null ? null : [left, right];
}

function answerOf(site: ViewSite, run: RunHeader, caseId: string, trial: number): CaseAnswer | null {
  const found = foundTrial(site, run, caseId, trial);
  if (found === null) return null;
  const [report] = found.shown.trials;
  if (report === undefined) return null;
  return {
    runId: run.id,
    trial,
    outcome: trialOutcome(report),
    answer: report.answer,
    failures: report.error === null ? report.failures : [`${report.error.code}: ${report.error.message}`],
    tools: found.trace.toolCalls.map(({ name }) => name),
  };
}

/** `/runs/ID/cases/CASE/trials/N`: the trace of one trial; with `part=trace` as data. */
export function viewTrial(site: ViewSite, { names, query }: ViewRequest): ViewReply {
  const [reference = "", caseId = "", number = ""] = names;
  return withRun(site, reference, (run): ViewReply => {
    const trial = /^\d{1,9}$/.test(number) ? Number(number) : -1;
    const found = trial < 0 ? null : foundTrial(site, run, caseId, trial);
    if (found === null) throw new NothingThere(`Run ${run.id} holds no trial ${number} of case ${caseId}.`);
    const { shown, trace, events, failure } = found;
    const isHidden = isHoldout(shown);
    if (query.get("part") === "trace") {
      if (isHidden) throw new NothingThere("The trace of a holdout case is not shown.");
      return { data: pageTrace(trace, MOST_TRACE_TEXT) };
    }
    const trials = site.catalogue.rowsOfCase(run.id, caseId).map((row) => row.trial);
    return { page: trialPage({ run, shown, failure, trials, events: isHidden ? [] : events }) };
  });
}

function foundTrial({ store, catalogue }: ViewSite, run: RunHeader, caseId: string, trial: number) {
  const hash = run.plan.find((planned) => planned.caseId === caseId)?.caseHash;
  const goldenCase = hash === undefined ? null : store.getCase(hash);
  const stored = store.getTrial(run.id, caseId, trial);
  const row = catalogue.rowsOfCase(run.id, caseId).find((one) => one.trial === trial);
  if (goldenCase === null || stored === null || row === undefined) return null;
  const report = trialReport(goldenCase, stored, row);
  const trace = traceOf(stored);
  const outcome = trialOutcome(report);
  const isBad = outcome === "failed" || outcome === "error";
  const shown: CaseReport = hideCase({ goldenCase, trials: [report] });
  return {
    shown,
    trace,
    events: stored.events,
    failure: isBad ? classifyFailure({ goldenCase, trial: report, trace }) : null,
  };
}
