import { resolve } from "node:path";
import type { CapturedExchange } from "../../core/captured-exchange.js";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import type { LiveEvent } from "../../core/live-event.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import { capturedCaseIds, capturedRun } from "../../datasets/import/captured-run.js";
import { readCaptures } from "../../datasets/import/read-captures.js";
import { importRun } from "../../eval/import/import-run.js";
import { judgeStandings } from "../../eval/judge/judge-standings.js";
import { loadJudgeFile } from "../../eval/judge/load-judge-file.js";
import { openProjectJudgements } from "../../eval/judge/project-judgements.js";
import { trialItems } from "../../eval/judge/run-items.js";
import { runJudge } from "../../eval/judge/run-judge.js";
import { loadProject, type Project } from "../../eval/project/load-project.js";
import { openProjectStore, requireRun } from "../../eval/run/stored-run.js";
import { casesOfRun } from "../../eval/score/score-cases.js";
import { gateCalibration, whyNotCalibrated } from "../../gates/judge-standing.js";
import { finalVerdicts } from "../../judge/final-verdicts.js";
import { judgeMetricFacts, scoreOfVerdict, verdictRulesOf } from "../../judge/run/score-of-verdict.js";
import { versionOfJudge } from "../../judge/run/version-of-judge.js";
import { type ConversationScores, scoreEvents, VIOLATIONS } from "./score-events.js";

export interface LiveScoreFlags {
  readonly config?: string;
  /** File or folder of the gateway's `capture`. */
  readonly captures: string;
  /** Only conversations of this release. */
  readonly id?: string;
  /** Judge files, or names of judges of the project. */
  readonly judge?: readonly string[];
  /** US dollars for each judge. */
  readonly budgetUsd?: number;
  /** Safety metrics whose violation ends a release at once. */
  readonly critical: readonly string[];
}

export interface LiveScoreServices {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  /**
   * Keeps events for the release, and tells how many it did not have. Those of metrics come before any judge is asked: a
   * judge that fails takes none along.
   */
  readonly write: (events: readonly LiveEvent[]) => Promise<number>;
}

/** What was scored. */
export interface LiveScoring {
  readonly conversations: number;
  /** Run that holds the conversations. */
  readonly runId: string;
  readonly events: readonly LiveEvent[];
  /** How many of them were not kept before. */
  readonly newEvents: number;
  readonly judges: {
    readonly name: string;
    readonly judged: number;
    /** Conversations that the judge was asked about and gave no verdict on; those beyond its budget are not among them. */
    readonly failed: number;
    readonly costUsd: number;
  }[];
}

/**
 * Scores live conversations that a gateway kept: by the metrics that need no expectation, and by calibrated judges within
 * a budget. The conversations become a run, so that a person can review what the scores say.
 *
 * @throws {UsageError} when no conversation was kept, a judge is not calibrated against people, or what is to be critical
 *   is no metric that counts violations
 * @throws {ProviderError} when a judge gives no verdict at all
 */
export async function scoreLive(flags: LiveScoreFlags, services: LiveScoreServices): Promise<LiveScoring> {
  const project = loadProject(flags.config, services.workingDirectory);
  refuseUnknown(flags.critical);
  for (const judge of flags.judge ?? []) refuseUncalibrated(judge, project, services);
  const { exchanges } = await readCaptures(resolve(services.workingDirectory, flags.captures));
  const wanted = exchanges.filter(({ release }) => flags.id === undefined || release === flags.id);
  if (wanted.length === 0) {
    throw new UsageError(`${flags.captures}: expected conversations of release ${flags.id}, found none`);
  }
  const byCase = latest(wanted);
  const tag = flags.id === undefined ? "live" : `live:${flags.id}`;
  const { run } = await importRun(
    flags.captures,
    "live",
    () => capturedRun(wanted, []),
    { ...(flags.config === undefined ? {} : { config: flags.config }), tag: [tag] },
    services,
  );
  const critical = new Set(flags.critical);
  const events: LiveEvent[] = [];
  let newEvents = 0;
  const keep = async (scored: readonly ConversationScores[], by: string) => {
    const told = scored.flatMap((one) => scoreEvents(one, by, critical));
    newEvents += await services.write(told);
    events.push(...told);
  };
  await keep(metricScores(project, run.id, byCase), "metrics");
  const judges: LiveScoring["judges"][number][] = [];
  for (const judge of flags.judge ?? []) {
    const { report } = await runJudge(run.id, judgeFlags(judge, flags), services);
    const found = judgeScores(judge, project, run.id, byCase, services.workingDirectory);
    await keep(found, report.judge.name);
    const { failed } = report.items;
    judges.push({ name: report.judge.name, judged: found.length, failed, costUsd: report.costUsd });
  }
  return { conversations: byCase.size, runId: run.id, events, newEvents, judges };
}

function judgeFlags(judge: string, { config, budgetUsd }: LiveScoreFlags) {
  return {
    judge,
    ...(config === undefined ? {} : { config }),
    ...(budgetUsd === undefined ? {} : { budgetUsd }),
  };
}

/** A misspelt name would leave what it means soft. */
function refuseUnknown(critical: readonly string[]): void {
  const unknown = critical.find((metric) => !VIOLATIONS.includes(metric));
  if (unknown === undefined) return;
  const meant = didYouMean(unknown, VIOLATIONS) || `; known: ${listNames(VIOLATIONS)}`;
  throw new UsageError(`--critical: expected a metric that counts violations, found ${unknown}${meant}`);
}

/** A judge that was never held against people must not decide about a release. */
function refuseUncalibrated(reference: string, project: Project, services: LiveScoreServices): void {
  const { config } = loadJudgeFile(reference, project, services.workingDirectory);
  const metric = judgeMetricFacts(config).name;
  const judges = [{ metric, version: versionOfJudge(config) }];
  const standings = judgeStandings(project, { judges }, services.clock);
  const why = whyNotCalibrated(metric, gateCalibration(metric, standings));
  if (why === null) return;
  throw new UsageError(`--judge ${reference}: expected a judge that is calibrated against people. ${why}`);
}

/** The newest exchange of each conversation, by its case. */
function latest(exchanges: readonly CapturedExchange[]): ReadonlyMap<string, CapturedExchange> {
  const sorted = exchanges.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  const caseIdOf = capturedCaseIds(exchanges);
  return new Map(sorted.map((exchange) => [caseIdOf(exchange), exchange]));
}

function metricScores(
  project: Project,
  runId: string,
  exchanges: ReadonlyMap<string, CapturedExchange>,
): ConversationScores[] {
  const store = openProjectStore(project);
  try {
    return [...store.trialRows(runId)].flatMap(({ caseId, scores }) => {
      const exchange = exchanges.get(caseId);
      return exchange === undefined ? [] : [{ exchange, scores }];
    });
  } finally {
    store.close();
  }
}

function judgeScores(
  reference: string,
  project: Project,
  runId: string,
  exchanges: ReadonlyMap<string, CapturedExchange>,
  workingDirectory: string,
): ConversationScores[] {
  const { config } = loadJudgeFile(reference, project, workingDirectory);
  const store = openProjectStore(project);
  const judgements = openProjectJudgements(project);
  try {
    const run = requireRun(store, runId);
    const items = trialItems(store, run, casesOfRun(store, run));
    const caseOf = new Map(
      items.plan.flatMap((planned) => {
        const subject = items.subjectOf(planned);
        return "reason" in subject ? [] : [[subject.item, planned.caseId] as const];
      }),
    );
    const version = versionOfJudge(config);
    const votes = judgements
      .verdicts(config.name)
      .filter((entry) => entry.judgeVersion === version && caseOf.has(entry.item));
    const { name } = judgeMetricFacts(config);
    return finalVerdicts(votes, verdictRulesOf(config)).flatMap((verdict) => {
      const exchange = exchanges.get(caseOf.get(verdict.item) ?? "");
      if (exchange === undefined) return [];
      return [{ exchange, scores: { [name]: scoreOfVerdict(config.scale, verdict) } }];
    });
  } finally {
    judgements.close();
    store.close();
  }
}
