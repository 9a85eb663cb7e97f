import { resolve } from "node:path";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import { EXIT, type ExitCode } from "../../core/exit-codes.js";
import { IMPORTED_PROVIDER, type RunHeader } from "../../core/run.js";
import { readDataset } from "../../datasets/read-dataset.js";
import { metricsOfGates } from "../../gates/gate-kind.js";
import { judgeMetricNames, judgeMetrics } from "../../judge/claim-metrics.js";
import { type ClaimQuestion, claimQuestions } from "../../judge/claim-questions.js";
import { factsOf } from "../../metrics/metric-set.js";
import { type CassetteSink, openCassette } from "../../models/cassette-file.js";
import type { RunReport } from "../../report/run-report.js";
import type { Store } from "../../store/store.js";
import { secretsOf } from "../agent/live-model.js";
import { readGatesOfRun } from "../gate/judge-run-gates.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { loadProject, lookUpSuite, type Project } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { buildReport } from "../run/build-report.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { type LoadedMetrics, loadMetrics, withMetrics } from "./load-metrics.js";
import { casesOfDataset, casesOfRun, type ScoredCases } from "./score-cases.js";
import { type JudgeFacts, scoredRun } from "./score-header.js";
import { judgesOf, loadJudge } from "./score-judge.js";
import { storeScored } from "./score-store.js";
import { type JudgedTrials, type JudgeRunServices, judgeCost, judgeTrials } from "./score-trials.js";

/** Flags of `agentctl score`, as the command line gives them. */
export interface ScoreFlags {
  readonly config?: string;
  readonly metrics?: readonly string[];
  readonly dataset?: string;
  readonly judge?: string;
  readonly maxConcurrency?: number;
  /** Whether the response cache may answer for the judge; default: yes. */
  readonly cache?: boolean;
  /** Cassette to record the judge's replies in. */
  readonly record?: string;
  readonly tag?: readonly string[];
}

export interface ScoreServices {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  /** Aborted at Ctrl-C while a judge is asked. */
  readonly signal: AbortSignal;
  readonly onProgress: JudgeRunServices["onProgress"];
}

export interface ScoreOutcome {
  readonly report: RunReport;
  /** What the user should know, one sentence each. */
  readonly notes: readonly string[];
  /** 3 when the judge could not be asked for some trials, else 0. */
  readonly exitCode: ExitCode;
}

/**
 * `agentctl score`: a new run with the trials of a stored one, scored by other metrics, another dataset or a judge.
 * The agent does not run and the stored run stays as it is. Nothing is stored unless everything could be.
 *
 * @throws {UsageError | ConfigError | DatasetError} before a judge is asked
 * @throws {ProviderError} when the judge answers nothing, or at an abort
 */
export async function scoreRun(
  reference: string,
  flags: ScoreFlags,
  services: ScoreServices,
): Promise<ScoreOutcome> {
  const project = loadProject(flags.config, services.workingDirectory);
  const store = openProjectStore(project);
  try {
    return await scoreStored(store, requireRun(store, reference), project, flags, services);
  } finally {
    store.close();
  }
}

async function scoreStored(
  store: Store,
  earlier: RunHeader,
  project: Project,
  flags: ScoreFlags,
  services: ScoreServices,
): Promise<ScoreOutcome> {
  const { workingDirectory } = services;
  const questions = questionsOf(flags);
  const loaded = await metricsFor(earlier, project, flags, workingDirectory);
  const cases = await casesFor(store, earlier, flags, workingDirectory);
  const given = [...loaded.custom.map(({ name }) => name), ...questions.map(({ metric }) => metric)];
  const kept = earlier.customMetrics.filter(({ name }) => !given.includes(name));
  const judged = judgeMetrics.filter(({ name }) => given.includes(name)).map(factsOf);
  const ownBefore = [...kept, ...loaded.stored.customMetrics, ...judged];
  const gates = readGatesOfRun(project, earlier, workingDirectory, ownBefore);
  const metrics = withMetrics(loaded, metricsOfGates(gates));
  const judging = await judgeRun(store, earlier, cases, questions, project, flags, services);
  const keptNames = kept.map(({ name }) => name);
  const run = scoredRun(earlier, cases, {
    now: services.clock.now(),
    tags: flags.tag ?? [],
    metrics: metrics.stored.metrics,
    ownMetrics: [...kept, ...metrics.stored.customMetrics, ...judged],
    kept: keptNames,
    dataset: flags.dataset === undefined ? null : resolve(workingDirectory, flags.dataset),
    judge: judging,
  });
  storeScored(store, earlier, run, cases, metrics.set, keptNames, judging?.trials ?? null);
  return {
    report: buildReport(
      store,
      run,
      [...cases.byId.values()],
      gates,
      judgeStandings(project, run, services.clock),
    ),
    notes: judging === null ? [] : [effortSentence(judging)],
    exitCode: judging !== null && judging.effort.failures > 0 ? EXIT.infrastructure : EXIT.ok,
  };
}

/**
 * The metrics of a judge that flags ask for: those that `--metrics` names, else all of them.
 *
 * @throws {UsageError} when a metric needs a judge and there is none
 */
function questionsOf({ metrics = [], judge, record }: ScoreFlags): readonly ClaimQuestion[] {
  const named = metrics.filter((name) => judgeMetricNames.includes(name));
  if (judge === undefined) {
    if (record !== undefined) {
      throw new UsageError(`--record ${record}: expected a judge to record`, {
        nextStep: "name one with --judge, such as openai/gpt-4.1",
      });
    }
    if (named[0] === undefined) return [];
    throw new UsageError(`--metrics ${named[0]}: expected a judge`, {
      nextStep: "name one with --judge, such as openai/gpt-4.1",
    });
  }
  return claimQuestions.filter(({ metric }) => named.length === 0 || named.includes(metric));
}

/**
 * The metrics that need no judge: those that a flag names, else those of the suite or the project as they are now. An
 * imported run keeps those that its import chose: no suite lists them.
 */
async function metricsFor(
  earlier: RunHeader,
  project: Project,
  { metrics }: ScoreFlags,
  workingDirectory: string,
): Promise<LoadedMetrics> {
  const suite = lookUpSuite(project, earlier.suite);
  const named = metrics?.filter((name) => !judgeMetricNames.includes(name)) ?? [];
  if (named.length > 0) return loadMetrics(project, suite, workingDirectory, named);
  const loaded = await loadMetrics(project, suite, workingDirectory);
  return earlier.provider === IMPORTED_PROVIDER ? withMetrics(loaded, earlier.metrics) : loaded;
}

async function casesFor(
  store: Store,
  earlier: RunHeader,
  { dataset }: ScoreFlags,
  workingDirectory: string,
): Promise<ScoredCases> {
  if (dataset === undefined) return casesOfRun(store, earlier);
  const path = shownPath(resolve(workingDirectory, dataset), workingDirectory);
  return casesOfDataset(store, earlier, await readDataset(path));
}

async function judgeRun(
  store: Store,
  earlier: RunHeader,
  cases: ScoredCases,
  questions: readonly ClaimQuestion[],
  project: Project,
  flags: ScoreFlags,
  { workingDirectory, env, clock, signal, onProgress }: ScoreServices,
): Promise<(JudgeFacts & { readonly trials: JudgedTrials }) | null> {
  if (flags.judge === undefined || questions.length === 0) return null;
  const recorder = recorderOf(flags.record, workingDirectory, env);
  try {
    // A recording must hold what the judge answers now.
    const cache = flags.cache === false || recorder !== null ? null : store.cache;
    const record = recorder?.open ?? null;
    const judge = await loadJudge(flags.judge, workingDirectory, { env, clock, cache, openCassette: record });
    const maxConcurrency = flags.maxConcurrency ?? project.config.max_concurrency;
    const services = { store, maxConcurrency, signal, clock, onProgress };
    const trials = await judgeTrials(judge, questions, earlier, cases, services);
    const name = `${judge.model.provider}/${judge.model.name}`;
    return { name, judges: judgesOf(judge, questions), effort: trials.effort, trials };
  } finally {
    await recorder?.close();
  }
}

/** The cassette that a judge is recorded in, opened when it is asked for. */
export function recorderOf(file: string | undefined, workingDirectory: string, env: ScoreServices["env"]) {
  if (file === undefined) return null;
  let opened: Promise<CassetteSink> | null = null;
  return {
    open: () => {
      opened ??= openCassette(resolve(workingDirectory, file), { append: true, secrets: secretsOf(env) });
      return opened;
    },
    close: async () => (await opened)?.close(),
  };
}

function effortSentence({ name, effort }: JudgeFacts): string {
  const { calls, cachedCalls, failures } = effort;
  const missing =
    failures === 0 ? "" : `; ${failures} scores are missing: score the run again to ask for them`;
  return `judge ${name}: ${calls} calls, ${cachedCalls} from the cache, ${judgeCost(effort)}${missing}`;
}
