import type { Clock } from "../../core/clock.js";
import type { GateReport } from "../../gates/gate-report.js";
import type { Store } from "../../store/store.js";
import type { ForceFlags } from "../baseline/forced-by.js";
import type { ForcedComparison } from "../baseline/forced-comparison.js";
import type { JudgedBaseline } from "../baseline/update-baseline.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { loadProject, type Project } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { judgeStoredRun, requireGates } from "./judge-run-gates.js";

interface RulesFlags {
  readonly config?: string;
  readonly rules?: string;
}

export interface GateFlags extends RulesFlags, ForceFlags {
  /** Whether the baseline moves to the run when it may. */
  readonly updateBaseline?: boolean;
}

export interface GateServices {
  readonly workingDirectory: string;
  readonly clock: Clock;
  readonly env: { readonly [name: string]: string | undefined };
}

/**
 * Judges a stored run by the project's gate rules.
 *
 * @throws {UsageError} when there is no such run
 * @throws {ConfigError} when the rules cannot be used
 */
export function gateStoredRun(
  reference: string,
  flags: RulesFlags,
  workingDirectory: string,
  clock: Clock,
): GateReport {
  const project = loadProject(flags.config, workingDirectory);
  const store = openProjectStore(project);
  try {
    return judged(reference, flags, { store, project, workingDirectory, clock }).report;
  } finally {
    store.close();
  }
}

/**
 * `agentctl gate`: judges a stored run, and moves the baseline to it where that is asked for.
 *
 * @returns the report, and what a user should know beside it, one sentence each
 * @throws as {@link gateStoredRun}
 */
export async function gateRun(
  reference: string,
  flags: GateFlags,
  { workingDirectory, clock, env }: GateServices,
): Promise<{ readonly report: GateReport; readonly notes: readonly string[] }> {
  const forced = await forcedOf(flags, env, workingDirectory);
  const project = loadProject(flags.config, workingDirectory);
  const store = openProjectStore(project);
  try {
    const found = judged(reference, flags, { store, project, workingDirectory, clock }, forced);
    const notes =
      flags.updateBaseline === true ? [await moveBaseline(store, { ...found, root: project.root, env })] : [];
    return { report: found.report, notes };
  } finally {
    store.close();
  }
}

/** Who forces a comparison is asked of git, which most calls have no need to load. */
async function forcedOf(
  flags: ForceFlags,
  env: GateServices["env"],
  workingDirectory: string,
): Promise<ForcedComparison | null> {
  if (flags.force === undefined && flags.reason === undefined) return null;
  const { forcedBy } = await import("../baseline/forced-by.js");
  return forcedBy(flags, env, workingDirectory);
}

async function moveBaseline(store: Store, judged: JudgedBaseline): Promise<string> {
  const { updateBaseline } = await import("../baseline/update-baseline.js");
  return updateBaseline(store, judged);
}

function judged(
  reference: string,
  flags: RulesFlags,
  {
    store,
    project,
    workingDirectory,
    clock,
  }: {
    readonly store: Store;
    readonly project: Project;
    readonly workingDirectory: string;
    readonly clock: Clock;
  },
  forced: ForcedComparison | null = null,
) {
  const run = requireRun(store, reference);
  const rules = requireGates(project, run.suite, workingDirectory, run.customMetrics, flags.rules);
  const report = judgeStoredRun(store, run, rules, judgeStandings(project, run, clock), forced);
  return { run, rules, report };
}
