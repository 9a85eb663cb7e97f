import { compareRuns } from "../../comparison/compare-runs.js";
import type { Slicing } from "../../comparison/compare-slices.js";
import type { Comparison } from "../../comparison/comparison.js";
import type { RunEvidence } from "../../comparison/evidence.js";
import { UsageError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { didYouMean } from "../../core/nearest.js";
import type { RunHeader } from "../../core/run.js";
import { traceOf } from "../../core/trace.js";
import { measuredMs } from "../../core/trial.js";
import { failuresOf, TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { TrialRow } from "../../metrics/metric.js";
import { metricByName } from "../../metrics/registry.js";
import { inputText } from "../../report/case-text.js";
import type {
  ChangedCaseText,
  ChangedTrial,
  ComparisonReport,
} from "../../report/comparison/comparison-report.js";
import type { Store } from "../../store/store.js";
import { forcedBy } from "../baseline/forced-by.js";
import { loadProject } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { refuseUnlike, withForcedWarning } from "./refuse-unlike.js";
import { runEvidence } from "./run-evidence.js";

export interface CompareFlags {
  readonly config?: string;
  /** Metric that the comparison was planned for. */
  readonly metric?: string;
  readonly by?: readonly Slicing[];
  readonly level?: number;
  readonly force?: boolean;
  /** Why runs are compared that are unlike; with `force`. */
  readonly reason?: string;
}

const DEFAULT_SLICINGS: readonly Slicing[] = ["risk", "tag", "split"];
const DEFAULT_LEVEL = 0.95;
/** Lost cases, and won cases, whose texts are read. */
const MOST_TEXTS = 50;

/**
 * `agentctl compare`: compares stored runs with the first of them.
 *
 * @param references - two or more runs: ids, tags, `latest`
 * @param env - says who asks, where git does not
 * @throws {UsageError} when there is no such run, one has no trials, a run is named twice, or runs are unlike
 */
export function compareStoredRuns(
  references: readonly string[],
  flags: CompareFlags,
  workingDirectory: string,
  env: { readonly [name: string]: string | undefined } = {},
): ComparisonReport {
  const forced = forcedBy(flags, env, workingDirectory);
  const store = openProjectStore(loadProject(flags.config, workingDirectory));
  try {
    return compareInStore(
      store,
      references.map((reference) => requireRun(store, reference)),
      flags,
      (baseline, candidates) => refuseUnlike(baseline, candidates, flags.metric ?? TASK_SUCCESS, forced),
    );
  } finally {
    store.close();
  }
}

/**
 * Compares runs of an open store with the first of them.
 *
 * @param check - looks at the runs before they are compared, and says what the comparison of a run, by its id, must say
 */
export function compareInStore(
  store: Store,
  runs: readonly RunHeader[],
  flags: Omit<CompareFlags, "config">,
  check: (baseline: RunEvidence, candidates: readonly RunEvidence[]) => ReadonlyMap<string, string> = () =>
    new Map(),
): ComparisonReport {
  const known = new Map<string, GoldenCase>();
  const [baseline, ...candidates] = runs.map((run) => runEvidence(store, run, known)) as [
    RunEvidence,
    ...RunEvidence[],
  ];
  refuseRepeats(runs);
  if (flags.metric !== undefined) requireMetric(flags.metric, [baseline, ...candidates]);
  const sentences = check(baseline, candidates);
  const compared = compareRuns(baseline, candidates, {
    level: flags.level ?? DEFAULT_LEVEL,
    slicings: flags.by ?? DEFAULT_SLICINGS,
    ...(flags.metric === undefined ? {} : { primary: flags.metric }),
  });
  const comparison = {
    ...compared,
    candidates: compared.candidates.map((one) => withForcedWarning(one, sentences)),
  };
  return { ...comparison, cases: changedTexts(store, comparison, baseline, candidates) };
}

function refuseRepeats(runs: readonly RunHeader[]): void {
  const repeated = runs.find((run, index) => runs.findIndex((one) => one.id === run.id) !== index);
  if (repeated === undefined) return;
  throw new UsageError(`run ${repeated.id} is named twice; expected different runs`, {
    nextStep: "`agentctl runs list` shows the runs",
  });
}

function requireMetric(name: string, evidence: readonly RunEvidence[]): void {
  for (const { run, set } of evidence) {
    const names = set.metrics.map((metric) => metric.name);
    if (names.includes(name)) continue;
    throw new UsageError(`--metric ${name}: run ${run.id} has no such metric${didYouMean(name, names)}`, {
      nextStep:
        metricByName(name) === undefined
          ? "`agentctl metrics` lists the metrics there are"
          : `add it with \`agentctl score ${run.id} --metrics ${name}\``,
    });
  }
}

function changedTexts(
  store: Store,
  comparison: Comparison,
  baseline: RunEvidence,
  candidates: readonly RunEvidence[],
): ComparisonReport["cases"] {
  const ids = new Set<string>();
  for (const { changes } of comparison.candidates) {
    for (const side of [changes.lost, changes.won]) {
      for (const { caseId } of side.slice(0, MOST_TEXTS)) ids.add(caseId);
    }
  }
  const evidence = [baseline, ...candidates].map((one) => ({ ...one, rowsOf: rowsByCase(one, ids) }));
  return Object.fromEntries(
    [...ids].map((id): [string, ChangedCaseText] => {
      const goldenCase = candidates[0]?.cases.get(id) ?? baseline.cases.get(id);
      const isHoldout = goldenCase?.split === "holdout";
      const trials = evidence.map((one) => tellingTrial(store, one, id, isHoldout));
      return [
        id,
        {
          input: goldenCase === undefined || isHoldout ? null : inputText(goldenCase.input),
          risk: goldenCase?.risk ?? null,
          tags: goldenCase?.tags ?? [],
          isHoldout,
          baseline: trials[0] ?? null,
          candidates: trials.slice(1),
        },
      ];
    }),
  );
}

function rowsByCase({ rows }: RunEvidence, ids: ReadonlySet<string>): ReadonlyMap<string, TrialRow[]> {
  const found = new Map([...ids].map((id): [string, TrialRow[]] => [id, []]));
  for (const row of rows) found.get(row.caseId)?.push(row);
  return found;
}

function tellingTrial(
  store: Store,
  { run, rowsOf, cases }: RunEvidence & { readonly rowsOf: ReadonlyMap<string, TrialRow[]> },
  caseId: string,
  isHoldout: boolean,
): ChangedTrial | null {
  const own = rowsOf.get(caseId) ?? [];
  const row = own.find((one) => one.status === "error" || one.scores[TASK_SUCCESS]?.value === 0) ?? own[0];
  const trial = row === undefined ? null : store.getTrial(run.id, caseId, row.trial);
  const goldenCase = cases.get(caseId);
  if (row === undefined || trial === null || goldenCase === undefined) return null;
  const trace = traceOf(trial);
  const failures =
    trial.status === "error"
      ? [`the trial crashed: ${trial.error?.message ?? "no message"}`]
      : failuresOf({ goldenCase, trial, trace });
  return {
    runId: run.id,
    trial: row.trial,
    answer: isHoldout ? null : trace.answer,
    failures: isHoldout ? [] : failures,
    toolCalls: trace.toolCalls.map((call) => call.name),
    durationMs: measuredMs(trial),
    costUsd: row.costUsd,
  };
}
