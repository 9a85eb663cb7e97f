import { UsageError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { didYouMean } from "../../core/nearest.js";
import { isThreshold } from "../../gates/gate-kind.js";
import { levelOf } from "../../gates/judge-gates.js";
import { estimateMetric } from "../../metrics/estimate.js";
import type { Metric, TrialRow } from "../../metrics/metric.js";
import type { TrendGate, TrendPoint, TrendReport, TrendRun, TrendSeries } from "../../report/trend-report.js";
import type { RunSummary, Store } from "../../store/store.js";
import { metricSetOfRun, readGates } from "../gate/judge-run-gates.js";
import { loadProject, type Project } from "../project/load-project.js";
import { openProjectStore } from "../run/stored-run.js";

export interface TrendFlags {
  readonly config?: string;
  readonly suite?: string;
  readonly by?: "risk" | "tag";
  /** The newest so many runs. */
  readonly limit?: number;
  /** Tag of the run that the others are held against. */
  readonly baseline?: string;
}

const DEFAULT_LEVEL = 0.95;
const DEFAULT_BASELINE = "main";

/**
 * `agentctl runs trend`: one metric over the stored runs of a suite, oldest first.
 *
 * @param name - a metric that at least one of the runs was scored on
 * @throws {UsageError} when there is no run, or none has the metric
 */
export function trendOfRuns(name: string, flags: TrendFlags, workingDirectory: string): TrendReport {
  const project = loadProject(flags.config, workingDirectory);
  const store = openProjectStore(project);
  try {
    return trendInStore(store, project, name, flags, workingDirectory);
  } finally {
    store.close();
  }
}

/** The same for a store that is open. */
export function trendInStore(
  store: Store,
  project: Project,
  name: string,
  flags: TrendFlags,
  workingDirectory: string,
): TrendReport {
  const suite = flags.suite ?? newestSuite(store);
  const limit = flags.limit === undefined ? {} : { limit: flags.limit };
  const runs = store.listRuns({ suite, ...limit }).reverse();
  const latest = runs.at(-1);
  if (latest === undefined) {
    throw new UsageError(`--suite ${suite}: found no run of it`, {
      nextStep: "`agentctl runs list` shows the runs",
    });
  }
  const metric = requireMetric(name, runs);
  const gates = readGates(project, suite, workingDirectory, latest.customMetrics);
  const level = gates === null ? DEFAULT_LEVEL : levelOf(gates);
  const rule = gates?.gates.filter(isThreshold).find((one) => one.metric === name);
  const { layer, unit, direction, description } = metric;
  return {
    suite,
    metric: name,
    layer,
    unit,
    direction,
    description,
    level,
    runs: runs.map(trendRun),
    baseline: baselineOf(store, runs, flags.baseline),
    gate: rule === undefined ? null : gateOf(rule),
    series: seriesOf(store, runs, name, flags.by, level),
  };
}

function newestSuite(store: Store): string {
  const suite = store.listRuns({ limit: 1 })[0]?.suite;
  if (suite !== undefined) return suite;
  throw new UsageError("found no run yet", { nextStep: "start one with `agentctl eval`" });
}

function metricOf(run: RunSummary, name: string): Metric | undefined {
  return metricSetOfRun(run).metrics.find((metric) => metric.name === name);
}

/** The definition that the newest run has of it. */
function requireMetric(name: string, runs: readonly RunSummary[]): Metric {
  for (const run of [...runs].reverse()) {
    const found = metricOf(run, name);
    if (found !== undefined) return found;
  }
  const known = new Set(runs.flatMap((run) => metricSetOfRun(run).metrics.map((metric) => metric.name)));
  throw new UsageError(`no run of the suite has a metric "${name}"${didYouMean(name, [...known])}`, {
    nextStep: "`agentctl metrics` lists the metrics, `agentctl score RUN --metrics NAME` adds one to a run",
  });
}

function trendRun(run: RunSummary, index: number, runs: readonly RunSummary[]): TrendRun {
  const before = runs[index - 1];
  const { id, createdAt, status, agentName, agentVersion, datasetHash, tags } = run;
  return {
    runId: id,
    createdAt,
    status,
    agentName,
    agentVersion,
    datasetHash,
    tags,
    isNewAgent: before !== undefined && before.agentVersion !== agentVersion,
    isNewDataset: before !== undefined && before.datasetHash !== datasetHash,
  };
}

/** A tag that was asked for must be there; the usual one may be missing. */
function baselineOf(
  store: Store,
  runs: readonly RunSummary[],
  asked: string | undefined,
): TrendReport["baseline"] {
  const tag = asked ?? DEFAULT_BASELINE;
  const found = runs.findLast((run) => run.tags.includes(tag));
  if (found !== undefined) return { tag, runId: found.id };
  if (asked === undefined) return null;
  const elsewhere = store.getRun(asked);
  if (elsewhere !== null && runs.some((run) => run.id === elsewhere.id)) return { tag, runId: elsewhere.id };
  throw new UsageError(`--baseline ${asked}: no run of the suite ${runs[0]?.suite ?? ""} has this tag`, {
    nextStep: "`agentctl runs tag RUN TAG` tags one",
  });
}

function gateOf({
  min,
  max,
  bound,
}: {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly bound: TrendGate["bound"];
}): TrendGate {
  return { min: min ?? null, max: max ?? null, bound };
}

function seriesOf(
  store: Store,
  runs: readonly RunSummary[],
  name: string,
  by: "risk" | "tag" | undefined,
  level: number,
): TrendSeries[] {
  const cases = new Map<string, GoldenCase>();
  const whole: TrendPoint[] = [];
  const slices = new Map<string, (TrendPoint | undefined)[]>();
  runs.forEach((run, index) => {
    const metric = metricOf(run, name);
    const rows = [...store.trialRows(run.id)];
    whole.push(pointOf(run.id, metric, rows, level));
    if (by === undefined) return;
    for (const [slice, own] of slicedRows(store, run.id, rows, by, cases)) {
      const points = slices.get(slice) ?? Array<undefined>(runs.length).fill(undefined);
      points[index] = pointOf(run.id, metric, own, level);
      slices.set(slice, points);
    }
  });
  return [
    { by: null, slice: null, points: whole },
    ...[...slices]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([slice, points]) => ({
        by: by ?? null,
        slice,
        points: points.map((point, index) => point ?? gap(runs[index]?.id ?? "", "the run has no such case")),
      })),
  ];
}

function pointOf(
  runId: string,
  metric: Metric | undefined,
  rows: readonly TrialRow[],
  level: number,
): TrendPoint {
  if (metric === undefined) return gap(runId, "the run was not scored on it");
  const { value, lower, upper, n, clusters, method, reason } = estimateMetric(metric, rows, level);
  if (value === null) return { ...gap(runId, reason ?? "no trial was scored"), n, clusters };
  return { runId, value, lower, upper, n, clusters, method, ...(reason === undefined ? {} : { reason }) };
}

function gap(runId: string, reason: string): TrendPoint {
  return { runId, value: null, lower: null, upper: null, n: 0, clusters: 0, method: "none", reason };
}

function slicedRows(
  store: Store,
  runId: string,
  rows: readonly TrialRow[],
  by: "risk" | "tag",
  cases: Map<string, GoldenCase>,
): ReadonlyMap<string, readonly TrialRow[]> {
  const hashes = new Map(store.getRun(runId)?.plan.map(({ caseId, caseHash }) => [caseId, caseHash]));
  const unread = new Set([...hashes.values()].filter((hash) => !cases.has(hash)));
  for (const [hash, found] of store.getCases(unread)) cases.set(hash, found);
  const slices = new Map<string, TrialRow[]>();
  for (const row of rows) {
    const goldenCase = cases.get(hashes.get(row.caseId) ?? "");
    const names = goldenCase === undefined ? [] : by === "tag" ? goldenCase.tags : [goldenCase.risk ?? ""];
    for (const name of names.filter((one) => one !== "")) {
      const own = slices.get(name);
      if (own === undefined) slices.set(name, [row]);
      else own.push(row);
    }
  }
  return slices;
}
