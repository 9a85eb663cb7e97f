import { UsageError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { nearest } from "../../core/nearest.js";
import type { RunHeader } from "../../core/run.js";
import { type Trace, traceOf } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { TrialRow } from "../../metrics/metric.js";
import { rowOf } from "../../metrics/row.js";
import type { Store } from "../../store/store.js";
import { metricSetOfRun } from "../gate/judge-run-gates.js";
import { loadProject } from "../project/load-project.js";
import { openProjectStore, requireRun } from "./stored-run.js";

/** One stored trial with everything that is known of it. */
export interface StoredTrial {
  readonly run: RunHeader;
  readonly goldenCase: GoldenCase;
  readonly trial: Trial;
  readonly trace: Trace;
  readonly row: TrialRow;
}

/**
 * Finds a trial of a stored run: the one asked for, else the first that failed or could not run, else the
 * first.
 *
 * @throws {UsageError} when run, case or trial do not exist
 */
export function traceStoredTrial(
  reference: string,
  caseId: string,
  flags: { readonly trial?: number; readonly config?: string },
  workingDirectory: string,
): StoredTrial {
  const store = openProjectStore(loadProject(flags.config, workingDirectory));
  try {
    const run = requireRun(store, reference);
    const planned = run.plan.find((one) => one.caseId === caseId);
    const goldenCase = planned === undefined ? null : store.getCase(planned.caseHash);
    if (goldenCase === null) throw unknownCase(run, caseId);
    const trial =
      flags.trial === undefined
        ? firstTelling(store, run, goldenCase)
        : store.getTrial(run.id, caseId, flags.trial);
    if (trial === null) {
      throw new UsageError(`run ${run.id} holds no trial ${flags.trial ?? 0} of case "${caseId}"`, {
        nextStep: `the run has ${trialsOf(run, caseId)}`,
      });
    }
    return {
      run,
      goldenCase,
      trial,
      trace: traceOf(trial),
      row: rowOf(goldenCase, trial, metricSetOfRun(run)),
    };
  } finally {
    store.close();
  }
}

function firstTelling(store: Store, run: RunHeader, goldenCase: GoldenCase): Trial | null {
  let first: Trial | null = null;
  for (const planned of run.plan) {
    if (planned.caseId !== goldenCase.id) continue;
    const trial = store.getTrial(run.id, goldenCase.id, planned.trial);
    if (trial === null) continue;
    first ??= trial;
    if (trial.status === "error" || rowOf(goldenCase, trial).scores[TASK_SUCCESS]?.value === 0) return trial;
  }
  return first;
}

function trialsOf(run: RunHeader, caseId: string): string {
  const numbers = run.plan.filter((one) => one.caseId === caseId).map((one) => one.trial);
  return `trial ${numbers.join(", ")} of this case`;
}

function unknownCase(run: RunHeader, caseId: string): UsageError {
  const ids = new Set(run.plan.map((one) => one.caseId));
  const suggestion = nearest(caseId, ids);
  return new UsageError(
    `run ${run.id} has no case "${caseId}"${suggestion === undefined ? "" : `; did you mean "${suggestion}"?`}`,
    {
      nextStep: `\`agentctl runs show ${run.id}\` lists the cases`,
    },
  );
}
