import { resolve } from "node:path";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { Clock } from "../../core/clock.js";
import type { Dataset } from "../../core/golden-case.js";
import { contentHash } from "../../core/hash.js";
import type { RunHeader } from "../../core/run.js";
import { metricsOfGates } from "../../gates/gate-kind.js";
import { assumedRows } from "../../gates/plan/assumed-rows.js";
import type { GatePlan } from "../../gates/plan/gate-plan.js";
import { planAssumptions } from "../../gates/plan/plan-assumptions.js";
import { planGates } from "../../gates/plan/plan-gates.js";
import { planPool } from "../../gates/plan/plan-pool.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { TrialRow } from "../../metrics/metric.js";
import { type MetricSet, metricSetOf } from "../../metrics/metric-set.js";
import { metricByName } from "../../metrics/registry.js";
import type { Store } from "../../store/store.js";
import { readDatasetFile } from "../dataset/dataset-file.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { type FoundSuite, findSuite, loadProject, type Project } from "../project/load-project.js";
import { openProjectStore } from "../run/stored-run.js";
import { unstoredRun } from "../run/unstored-run.js";
import { metricSetOfRun, requireGates } from "./judge-run-gates.js";

/** Flags of `agentctl gate plan`. */
export interface PlanFlags {
  readonly config?: string;
  readonly rules?: string;
  readonly suite?: string;
  /** In the unit of a rate: 0.02 for 2 points. */
  readonly drops: readonly number[];
  readonly trials?: number;
  readonly seed: number;
  /** Left out: as many as take a few seconds, at most 2,000. */
  readonly draws?: number;
  readonly discordant?: number;
  /** Pass rate to assume where no run is stored. */
  readonly rate: number;
}

/** Factors of times, costs, tokens and counts that are planted. */
const RATIOS = [1.1, 1.25, 2];

const MOST_DRAWS = 2_000;
const FEWEST_DRAWS = 100;
/** Trials in all draws of a scenario, and where comparisons resample: what fits in a few seconds. */
const DRAWN_TRIALS = 60_000;
const RESAMPLED_TRIALS = 20_000;
const RESAMPLES = 400;

/** A run to draw trials from, and how it was found. */
interface Source {
  readonly run: RunHeader;
  readonly rows: readonly TrialRow[];
  readonly broken: number;
  readonly name: string;
}

/**
 * `agentctl gate plan`: what the rules will do on the suite's golden set, before anything runs.
 *
 * @throws {UsageError} when there is no such suite
 * @throws {ConfigError | DatasetError} when the rules or the golden set cannot be used
 */
export async function planSuiteGates(
  flags: PlanFlags,
  workingDirectory: string,
  clock: Clock,
): Promise<GatePlan> {
  const project = loadProject(flags.config, workingDirectory);
  const suite = findSuite(project, flags.suite);
  const dataset = await readDatasetFile(resolve(suite.root, suite.config.dataset), workingDirectory);
  const store = openProjectStore(project);
  try {
    const latest = latestOf(store, suite.name);
    const custom = latest?.customMetrics ?? [];
    const rules = requireGates(project, suite.name, workingDirectory, custom, flags.rules);
    const source = sourceOf(store, rules, suite.name, latest);
    return planned(project, suite, dataset, rules, source, flags, clock);
  } finally {
    store.close();
  }
}

function latestOf(store: Store, suite: string): RunHeader | null {
  const found = store.listRuns({ suite }).find((run) => run.status === "complete" && run.trials > run.errors);
  return found === undefined ? null : store.getRun(found.id);
}

/** The baseline of the rules where it is of this suite, else its latest complete run. */
function sourceOf(store: Store, rules: GatesConfig, suite: string, latest: RunHeader | null): Source | null {
  const baseline = store.getRun(rules.baseline);
  for (const [run, name] of [
    [baseline?.suite === suite ? baseline : null, `the baseline ${rules.baseline}`],
    [latest, "the latest complete run of the suite"],
  ] as const) {
    if (run === null) continue;
    const rows = [...store.trialRows(run.id)];
    const completed = rows.filter((row) => row.status === "completed");
    if (completed.length > 0) return { run, rows: completed, broken: rows.length - completed.length, name };
  }
  return null;
}

function planned(
  project: Project,
  suite: FoundSuite,
  dataset: Dataset,
  rules: GatesConfig,
  source: Source | null,
  flags: PlanFlags,
  clock: Clock,
): GatePlan {
  const trialsPerCase = flags.trials ?? suite.config.trials;
  const set = metricsFor(rules, source);
  const rows = source === null ? assumedRows(set.metrics, flags.rate) : source.rows;
  const drawn = planPool(rows, dataset.cases, rules, set.metrics, flags.discordant ?? null);
  const header = source?.run ?? headerOf(suite, dataset, trialsPerCase);
  const groups = new Set(dataset.cases.map(({ group }) => group)).size;
  const fitting = (trials: number) =>
    Math.min(MOST_DRAWS, Math.max(FEWEST_DRAWS, Math.round(trials / (dataset.cases.length * trialsPerCase))));
  const draws = flags.draws ?? fitting(DRAWN_TRIALS);
  const resampledDraws = flags.draws ?? fitting(RESAMPLED_TRIALS);
  const world = {
    rules,
    pool: drawn.pool,
    set,
    trialsPerCase,
    header: { ...header, plan: planOf(dataset, trialsPerCase), trialsPerCase },
    cases: new Map(dataset.cases.map((one) => [one.id, one])),
    standings: judgeStandings(project, header, clock),
    seed: flags.seed,
    draws,
    resampledDraws,
    resamples: RESAMPLES,
  };
  const sizes = { drops: flags.drops, ratios: RATIOS };
  return {
    suite: suite.name,
    dataset: { path: dataset.path, hash: dataset.hash, cases: dataset.cases.length, groups },
    trialsPerCase,
    gatesHash: contentHash(rules),
    seed: flags.seed,
    draws,
    resampledDraws,
    resamples: RESAMPLES,
    assumptions: planAssumptions(
      source === null
        ? { rate: flags.rate }
        : { name: source.name, runId: source.run.id, rows: source.rows, broken: source.broken },
      drawn,
      world,
    ),
    ...planGates(world, sizes, source === null),
  };
}

/** Those that the rules name, and success, which chances of passing and forbidden failures are made of. */
function metricsFor(rules: GatesConfig, source: Source | null): MetricSet {
  const stored = source === null ? [] : metricSetOfRun(source.run).metrics;
  const names = [...new Set([TASK_SUCCESS, ...metricsOfGates(rules)])];
  return metricSetOf(
    names.flatMap((name) => {
      const known = metricByName(name);
      const found = stored.find((metric) => metric.name === name);
      // A run-level metric needs no scores of its own; without a run every metric is assumed.
      return found ?? (known !== undefined && (source === null || known.level === "run") ? known : []);
    }),
  );
}

function planOf({ cases }: Dataset, trials: number): RunHeader["plan"] {
  return cases.flatMap(({ id, hash }) =>
    Array.from({ length: trials }, (_, trial) => ({ caseId: id, caseHash: hash, trial })),
  );
}

/** What a run would say of itself where none is stored. */
function headerOf(suite: FoundSuite, dataset: Dataset, trialsPerCase: number): RunHeader {
  return unstoredRun({
    id: "planned",
    suite: suite.name,
    createdAt: new Date(0).toISOString(),
    status: "complete",
    datasetPath: dataset.path,
    datasetHash: dataset.hash,
    trialsPerCase,
  });
}
