import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { Clock } from "../../core/clock.js";
import { ConfigError } from "../../core/errors.js";
import type { RunHeader } from "../../core/run.js";
import { levelOf } from "../../gates/judge-gates.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import { estimateAll, estimateMetric } from "../../metrics/estimate.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { RunStanding } from "../../report/view/run-row.js";
import type { RunCatalogue } from "../../store/run-catalogue.js";
import type { RunSummary, Store } from "../../store/store.js";
import { judgeRows, metricSetOfRun, readGatesOfRun } from "../gate/judge-run-gates.js";
import { judgeStandings } from "../judge/judge-standings.js";
import type { Project } from "../project/load-project.js";
import { BusyTime } from "../run/busy-time.js";

/** After that a verdict is judged again: gates, judges and waivers change without the run. */
const FRESH_MS = 60_000;
const MOST_KEPT = 5_000;
const NO_GATES = "no gates were judged";

interface Kept {
  readonly standing: RunStanding;
  readonly run: string;
  readonly tags: string;
  readonly at: number;
}

/** What is kept of a run, and whether it may be another by now. */
export interface KnownStanding {
  readonly standing: RunStanding | null;
  readonly isOld: boolean;
}

/** Verdicts and estimates of runs, judged when somebody asks and kept for the next one. */
export class RunStandings {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly store: Store,
    private readonly catalogue: RunCatalogue,
    private readonly project: Project,
    private readonly workingDirectory: string,
    private readonly clock: Clock,
  ) {}

  /** What is known without reading a trial. */
  known(run: RunSummary): KnownStanding {
    const kept = this.kept.get(run.id);
    if (kept === undefined || kept.run !== stateOf(run)) return { standing: null, isOld: true };
    const isOld = this.clock.now() - kept.at > FRESH_MS || kept.tags !== this.catalogue.tagState();
    return { standing: kept.standing, isOld };
  }

  /** Judges a run, unless that was done a moment ago. */
  of(run: RunSummary): RunStanding {
    const known = this.known(run);
    if (known.standing !== null && !known.isOld) return known.standing;
    const standing = this.judge(run.id);
    this.kept.delete(run.id);
    this.kept.set(run.id, {
      standing,
      run: stateOf(run),
      tags: this.catalogue.tagState(),
      at: this.clock.now(),
    });
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return standing;
  }

  private judge(runId: string): RunStanding {
    const rows = [...this.store.trialRows(runId)];
    const run = this.store.getRun(runId) as RunHeader;
    const { gates, problem } = readableGates(this.project, run, this.workingDirectory);
    const set = metricSetOfRun(run);
    const success = set.metrics.find(({ name }) => name === TASK_SUCCESS);
    const level = gates === null ? {} : { level: levelOf(gates) };
    return {
      ...this.verdictOf(run, rows, gates, problem),
      rate: success === undefined ? null : estimateMetric(success, rows, level.level),
      ...costOf(rows),
      durationMs: this.durationOf(runId),
    };
  }

  private verdictOf(
    run: RunHeader,
    rows: readonly TrialRow[],
    gates: GatesConfig | null,
    problem: string | null,
  ): Pick<RunStanding, "verdict" | "why"> {
    if (gates === null) return { verdict: null, why: problem ?? NO_GATES };
    const estimates = estimateAll(rows, metricSetOfRun(run), levelOf(gates));
    const standings = judgeStandings(this.project, run, this.clock);
    const { verdict, reasons } = judgeRows(this.store, run, rows, estimates, gates, standings);
    return { verdict, why: reasons[0] ?? "" };
  }

  private durationOf(runId: string): number | null {
    const times = new BusyTime();
    for (const { startedAt, durationMs } of this.catalogue.times(runId)) {
      times.add(Date.parse(startedAt), durationMs);
    }
    return times.totalMs();
  }
}

/** The gates of a run; a file that cannot be read keeps no run from being shown. */
export function readableGates(
  project: Project,
  run: RunHeader,
  workingDirectory: string,
): { readonly gates: GatesConfig | null; readonly problem: string | null } {
  try {
    return { gates: readGatesOfRun(project, run, workingDirectory), problem: null };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { gates: null, problem: `the gates cannot be read: ${error.message}` };
  }
}

function costOf(rows: readonly TrialRow[]): Pick<RunStanding, "costUsd" | "costUnknown"> {
  const known = rows.flatMap(({ costUsd }) => costUsd ?? []);
  return {
    costUsd: known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0),
    costUnknown: rows.length - known.length,
  };
}

function stateOf({
  status,
  finishedAt,
  trials,
  passed,
  failed,
  errors,
  metrics,
  judges,
}: RunSummary): string {
  return JSON.stringify([status, finishedAt, trials, passed, failed, errors, metrics, judges]);
}
