import { basename, resolve } from "node:path";
import type { Clock } from "../../core/clock.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { contentHash } from "../../core/hash.js";
import { IMPORTED_PROVIDER, type RunHeader } from "../../core/run.js";
import type { MetricFacts } from "../../core/score.js";
import { caseHash } from "../../datasets/case-hash.js";
import type { ImportedRun } from "../../datasets/import/imported-run.js";
import { DEFAULT_METRICS, type MetricSet, selectMetrics } from "../../metrics/metric-set.js";
import { rowOf } from "../../metrics/row.js";
import type { RunReport } from "../../report/run-report.js";
import type { Store } from "../../store/store.js";
import { readGatesOfRun } from "../gate/judge-run-gates.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { newRunId } from "../new-run.js";
import { agentctlVersion } from "../project/agentctl-version.js";
import { loadProject } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { buildReport } from "../run/build-report.js";
import { openProjectStore } from "../run/stored-run.js";
import { importedTrial } from "./imported-trial.js";
import { redactImport } from "./redact-import.js";

/** Flags that every `agentctl import` has. */
export interface ImportFlags {
  readonly tag?: readonly string[];
  readonly config?: string;
  /** Name of the suite that the run belongs to, for its gates and for `runs list`. */
  readonly suite?: string;
}

export interface ImportServices {
  readonly workingDirectory: string;
  readonly clock: Clock;
}

/** Trials written in one transaction. */
const BATCH = 500;

/**
 * Stores results of another tool as a run that can be compared, gated, traced and reported like one of agentctl's.
 *
 * @param file - the file that names the run, relative to the working directory
 * @param kind - kind of the file; the suite is `import-<kind>` unless a flag names one
 * @param read - reads the results; nothing is stored when it throws
 * @throws {DatasetError} with every problem of the file at once
 */
export async function importRun(
  file: string,
  kind: string,
  read: (path: string) => Promise<ImportedRun> | ImportedRun,
  flags: ImportFlags,
  services: ImportServices,
): Promise<RunReport> {
  const { workingDirectory } = services;
  const project = loadProject(flags.config, workingDirectory);
  const path = shownPath(resolve(workingDirectory, file), workingDirectory);
  const imported = redactImport(await read(path));
  const store = openProjectStore(project);
  try {
    const cases = imported.cases.map(
      (content, index): GoldenCase => ({ ...content, line: index + 1, hash: caseHash(content) }),
    );
    const suite = flags.suite ?? `import-${kind}`;
    const run = storeImported(store, imported, cases, {
      path,
      suite,
      tags: flags.tag ?? [],
      now: services.clock.now(),
    });
    const gates = readGatesOfRun(project, run, workingDirectory);
    return buildReport(store, run, cases, gates, judgeStandings(project, run, services.clock));
  } finally {
    store.close();
  }
}

function storeImported(
  store: Store,
  imported: ImportedRun,
  cases: readonly GoldenCase[],
  source: {
    readonly path: string;
    readonly suite: string;
    readonly tags: readonly string[];
    readonly now: number;
  },
): RunHeader {
  const byId = new Map(cases.map((one) => [one.id, one]));
  const always = imported.withoutDefaultMetrics ? [] : [DEFAULT_METRICS];
  const selected = selectMetrics([...always, ...imported.metrics], []);
  if ("unknown" in selected) throw new Error(`import of unknown metrics ${selected.unknown.join(", ")}`);
  const run = headerOf(imported, cases, byId, selected.set, source);
  store.createRun(run, cases);
  for (let start = 0; start < imported.trials.length; start += BATCH) {
    store.transaction(() => {
      imported.trials.slice(start, start + BATCH).forEach((one, index) => {
        const trial = importedTrial(one, source.now, start + index);
        const row = rowOf(byId.get(one.caseId) as GoldenCase, trial, selected.set);
        store.addTrial(run.id, trial, { ...row, scores: { ...row.scores, ...one.scores } });
      });
    });
  }
  return run;
}

function headerOf(
  imported: ImportedRun,
  cases: readonly GoldenCase[],
  byId: ReadonlyMap<string, GoldenCase>,
  set: MetricSet,
  source: {
    readonly path: string;
    readonly suite: string;
    readonly tags: readonly string[];
    readonly now: number;
  },
): RunHeader {
  const createdAt = new Date(source.now).toISOString();
  const name = imported.agentName ?? basename(source.path).replace(/\.[a-z]+$/, "");
  const custom: readonly MetricFacts[] = imported.scoreFacts;
  return {
    id: newRunId(source.now),
    suite: source.suite,
    createdAt,
    finishedAt: createdAt,
    status: "complete",
    datasetPath: source.path,
    datasetHash: contentHash(cases.map((one) => one.hash)),
    agentName: name,
    agentVersion: contentHash([
      name,
      imported.model,
      imported.contentHash ?? imported.trials.map(({ steps }) => steps),
    ]),
    promptVersion: null,
    provider: IMPORTED_PROVIDER,
    model: imported.model ?? "unrecorded",
    userModel: imported.userModel,
    judges: [],
    seed: 0,
    trialsPerCase: imported.trials.reduce((most, { trial }) => Math.max(most, trial + 1), 1),
    plan: imported.trials.map(({ caseId, trial }) => ({
      caseId,
      caseHash: byId.get(caseId)?.hash ?? "",
      trial,
    })),
    gitCommit: null,
    gitDirty: null,
    tags: source.tags,
    notes: imported.notes,
    metrics: [...set.metrics.map((metric) => metric.name), ...custom.map((metric) => metric.name)],
    customMetrics: custom,
    invocation: { import: source.path },
    agentctlVersion,
  };
}
