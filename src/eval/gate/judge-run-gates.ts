import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import { IMPORTED_PROVIDER, type RunHeader } from "../../core/run.js";
import type { Estimate, MetricFacts } from "../../core/score.js";
import type { GateReport } from "../../gates/gate-report.js";
import { judgeGates, levelOf } from "../../gates/judge-gates.js";
import type { JudgeStandings } from "../../gates/judge-standing.js";
import { estimateAll } from "../../metrics/estimate.js";
import type { TrialRow } from "../../metrics/metric.js";
import { type MetricSet, storedMetricSet } from "../../metrics/metric-set.js";
import type { Store } from "../../store/store.js";
import type { ForcedComparison } from "../baseline/forced-comparison.js";
import { keepRulesFolder } from "../baseline/rules-folder.js";
import { lookUpSuite, type Project } from "../project/load-project.js";
import { judgedShard } from "../shard/judged-shard.js";
import { gateEvidence } from "./gate-evidence.js";
import { namesForRules } from "./names-for-rules.js";
import { readGatesFile } from "./read-gates-file.js";

/**
 * Reads the gate rules for a suite: its own, else those of the project.
 *
 * @param suite - name of the suite; a run of a suite that is no longer there gets the project's rules
 * @param custom - metrics that rules may name beside those of agentctl
 * @returns `null` when there are none
 * @throws {ConfigError} with every problem of the file
 */
export function readGates(
  project: Project,
  suite: string,
  workingDirectory: string,
  custom: readonly MetricFacts[],
): GatesConfig | null {
  const path = gatesPath(project, suite);
  return existsSync(path) ? parseGates(project, path, workingDirectory, custom) : null;
}

/**
 * The gate rules that the reports of a stored run show. Rules for the project's agent say nothing of results that were
 * imported into a suite of their own; `agentctl gate` judges those when it is asked to.
 *
 * @returns `null` when there are none
 * @throws {ConfigError} with every problem of the file
 */
export function readGatesOfRun(
  project: Project,
  run: RunHeader,
  workingDirectory: string,
  custom: readonly MetricFacts[] = run.customMetrics,
): GatesConfig | null {
  if (run.provider === IMPORTED_PROVIDER && lookUpSuite(project, run.suite) === null) return null;
  return readGates(project, run.suite, workingDirectory, custom);
}

/**
 * Reads gate rules that must be there.
 *
 * @param file - another file than that of suite and project, relative to the working directory
 * @throws {ConfigError} when there is no such file, or with every problem of it
 */
export function requireGates(
  project: Project,
  suite: string,
  workingDirectory: string,
  custom: readonly MetricFacts[],
  file?: string,
): GatesConfig {
  const path = file === undefined ? gatesPath(project, suite) : resolve(workingDirectory, file);
  return parseGates(project, path, workingDirectory, custom);
}

/** Where the gate rules of a suite are, whether or not there is a file. */
export function gatesPath(project: Project, suite: string): string {
  const found = lookUpSuite(project, suite);
  return found?.config.gates === undefined
    ? resolve(project.root, project.config.gates)
    : resolve(found.root, found.config.gates);
}

function parseGates(
  project: Project,
  path: string,
  workingDirectory: string,
  own: readonly MetricFacts[],
): GatesConfig {
  const { rules } = readGatesFile(path, workingDirectory, (text) =>
    namesForRules(text, project, workingDirectory, own),
  );
  return keepRulesFolder(rules, dirname(path));
}

/** The metrics that a stored run is estimated by. */
export function metricSetOfRun(run: Pick<RunHeader, "metrics" | "customMetrics">): MetricSet {
  return storedMetricSet(run.metrics, run.customMetrics);
}

/** Judges the gates on a stored run. */
export function judgeStoredRun(
  store: Store,
  run: RunHeader,
  gates: GatesConfig,
  standings: JudgeStandings,
  forced: ForcedComparison | null = null,
): GateReport {
  const rows = [...store.trialRows(run.id)];
  const estimates = estimateAll(rows, metricSetOfRun(run), levelOf(gates));
  return judgeRows(store, run, rows, estimates, gates, standings, forced);
}

/**
 * Judges the gates on the rows of a run.
 *
 * @param estimates - of these rows, at the level of the gates
 * @param forced - who wants the run compared with a baseline that is unlike it; `null`: nobody
 */
export function judgeRows(
  store: Store,
  run: RunHeader,
  rows: readonly TrialRow[],
  estimates: readonly Estimate[],
  gates: GatesConfig,
  standings: JudgeStandings,
  forced: ForcedComparison | null = null,
): GateReport {
  const evidence = gateEvidence(store, run, rows, estimates, gates, standings, forced);
  return judgedShard(judgeGates(gates, evidence), run.shard);
}
