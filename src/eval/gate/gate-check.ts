import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { metricOfJudge } from "../../config/judge/scale-categories.js";
import type { Clock } from "../../core/clock.js";
import { AgentctlError } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";
import { canaryInWords } from "../../gates/check/canary-words.js";
import type {
  CheckedBaseline,
  CheckedGate,
  CheckedPart,
  GateCheck,
  GateWarning,
} from "../../gates/check/gate-check.js";
import { type CheckFacts, waiverWarnings, warningsOf } from "../../gates/check/gate-warnings.js";
import { ruleInWords, type UnitOf } from "../../gates/check/rule-words.js";
import { type AnyRule, kindOf, uniqueNames } from "../../gates/gate-kind.js";
import { levelOf } from "../../gates/judge-gates.js";
import { whyNotCalibrated } from "../../gates/judge-standing.js";
import { waiverDaysLeft } from "../../gates/waivers.js";
import type { Store } from "../../store/store.js";
import { baselineReferences } from "../baseline/baseline-rules.js";
import { baselineRunOf, namesFile } from "../baseline/find-baseline.js";
import { readDatasetFile } from "../dataset/dataset-file.js";
import { listJudges } from "../judge/calibrate-list.js";
import { judgementFileOf } from "../judge/project-judgements.js";
import { findSuite, loadProject, type Project } from "../project/load-project.js";
import { openProjectStore } from "../run/stored-run.js";
import { gatesPath } from "./judge-run-gates.js";
import { namesForRules } from "./names-for-rules.js";
import { type GatesFile, readGatesFile } from "./read-gates-file.js";

/** Flags of `agentctl gate check`. */
export interface GateCheckFlags {
  readonly config?: string;
  readonly rules?: string;
  readonly suite?: string;
}

/**
 * `agentctl gate check`: what a gate file says, and what its author should know, without a run.
 *
 * @throws {UsageError} when there is no such suite
 * @throws {ConfigError} with every problem of the file
 */
export async function checkGates(
  flags: GateCheckFlags,
  workingDirectory: string,
  clock: Clock,
): Promise<GateCheck> {
  const project = loadProject(flags.config, workingDirectory);
  const suite = findSuite(project, flags.suite);
  const path =
    flags.rules === undefined ? gatesPath(project, suite.name) : resolve(workingDirectory, flags.rules);
  // A project without a history is not given a file for it.
  const store = existsSync(resolve(project.root, project.config.store)) ? openProjectStore(project) : null;
  try {
    const [latest] = store?.listRuns({ suite: suite.name, limit: 1 }) ?? [];
    const custom = latest === undefined ? [] : (store?.getRun(latest.id)?.customMetrics ?? []);
    const namesFor = (text: string) => namesForRules(text, project, workingDirectory, custom);
    const file = readGatesFile(path, workingDirectory, namesFor);
    const caseIds = await caseIdsOf(resolve(suite.root, suite.config.dataset), workingDirectory);
    const baselines = baselineReferences(file.rules).map((reference) =>
      checkedBaseline(store, suite.name, reference, dirname(path)),
    );
    return describe(file, suite.name, {
      caseIds,
      baselines,
      now: new Date(clock.now()).toISOString(),
      unitOf: namesFor(JSON.stringify(file.rules)).unitOf,
      whyNotCalibrated: judgeDoubts(project, flags, workingDirectory, clock),
    });
  } finally {
    store?.close();
  }
}

interface Surroundings extends Omit<CheckFacts, "level"> {
  readonly baselines: readonly CheckedBaseline[];
  /** ISO 8601. */
  readonly now: string;
}

function describe(file: GatesFile, suite: string, around: Surroundings): GateCheck {
  const { rules } = file;
  const { baselines, caseIds, now, unitOf } = around;
  const level = levelOf(rules);
  const waivers = (rules.waivers ?? []).map((waiver) => ({
    ...waiver,
    daysLeft: waiverDaysLeft(waiver, now),
  }));
  const gates = checkedGates(file, unitOf);
  const declared = [...rules.gates, ...(rules.slices ?? [])];
  const named = declared.map((rule, index) => ({ rule, name: gates[index]?.name ?? "" }));
  const root = file.sources[file.sources.length - 1];
  return {
    file: root?.shown ?? "",
    gatesHash: contentHash(rules),
    imports: file.sources.slice(0, -1).map(({ shown }) => shown),
    suite,
    cases: caseIds?.size ?? null,
    level,
    gates,
    baselines,
    waivers,
    canary: rules.canary === undefined ? [] : canaryInWords(rules.canary),
    warnings: [
      ...warningsOf(named, { ...around, level }),
      ...waiverWarnings(waivers, (gate) => gates.find(({ name }) => name === gate)?.severity),
      ...baselines.flatMap(({ missing }): GateWarning[] =>
        missing === null ? [] : [{ gate: null, message: `${missing} Gates on it are inconclusive` }],
      ),
      ...overruled(file),
    ],
  };
}

function checkedGates({ rules, sources }: GatesFile, unitOf: UnitOf): CheckedGate[] {
  const declared: readonly AnyRule[] = [...rules.gates, ...(rules.slices ?? [])];
  const names = uniqueNames(declared);
  return declared.map((rule, index) => ({
    ...checkedPart(rule, names[index] as string, rules.baseline, unitOf),
    file: sources.find(({ own }) => [...own.gates, ...(own.slices ?? [])].includes(rule))?.shown ?? "",
    severity: rule.severity,
    onInconclusive: rule.on_inconclusive ?? rules.defaults.on_inconclusive,
    when: rule.when ?? null,
  }));
}

function checkedPart(rule: AnyRule, name: string, baseline: string, unitOf: UnitOf): CheckedPart {
  const parts: readonly AnyRule[] = "all" in rule ? rule.all : "any" in rule ? rule.any : [];
  const names = uniqueNames(parts);
  return {
    name,
    kind: kindOf(rule),
    passes: ruleInWords(rule, baseline, unitOf),
    parts: parts.map((part, index) => checkedPart(part, names[index] as string, baseline, unitOf)),
  };
}

/** What an imported file says of itself, and the file that imports it overrules. */
function overruled({ sources, rules }: GatesFile): GateWarning[] {
  return sources
    .slice(0, -1)
    .flatMap(({ shown, own }) =>
      (["baseline", "defaults", "flaky", "canary"] as const).flatMap((key): GateWarning[] =>
        contentHash(own[key] ?? null) === contentHash(rules[key] ?? null)
          ? []
          : [{ gate: null, message: `\`${key}\` is that of the importing file, not that of ${shown}` }],
      ),
    );
}

/** Ids of the golden set, or `null`: a set that cannot be read is the concern of `dataset check`. */
async function caseIdsOf(path: string, workingDirectory: string): Promise<ReadonlySet<string> | null> {
  try {
    const { cases } = await readDatasetFile(path, workingDirectory);
    return new Set(cases.map(({ id }) => id));
  } catch (error) {
    if (error instanceof AgentctlError) return null;
    throw error;
  }
}

/** A run or a file that rules name, as far as it can be seen without reading it. */
function checkedBaseline(
  store: Store | null,
  suite: string,
  reference: string,
  folder: string,
): CheckedBaseline {
  const isFile = namesFile(reference);
  const runId = isFile || store === null ? null : baselineRunOf(store, suite, reference);
  const isThere = isFile ? existsSync(resolve(folder, reference)) : runId !== null;
  const what = isFile ? `file ${reference}` : `run ${reference} of suite ${suite}`;
  return { reference, runId, missing: isThere ? null : `There is no baseline: found no ${what}.` };
}

/** Why a judge of this project cannot decide now, by its metric. */
function judgeDoubts(
  project: Project,
  flags: GateCheckFlags,
  workingDirectory: string,
  clock: Clock,
): (metric: string) => string | null {
  // A project without judgements is not given a file for them.
  const judges = existsSync(judgementFileOf(project)) ? listJudges(flags, { workingDirectory, clock }) : [];
  return (metric) => {
    const listed = judges.find(({ judge }) => metricOfJudge(judge) === metric);
    if (listed?.state === "calibrated") return null;
    if (listed === undefined || listed.calibration === null) return whyNotCalibrated(metric, null);
    if (listed.state === "expired") {
      return `The calibration of ${listed.judge} expired on ${listed.calibration.expiresAt.slice(0, 10)}.`;
    }
    return `The judge ${listed.judge} is ${listed.state}: ${listed.calibration.reason}`;
  };
}
