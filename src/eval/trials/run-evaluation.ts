import { setMaxListeners } from "node:events";
import type { Clock } from "../../core/clock.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { PlannedTrial, RunHeader, RunStatus } from "../../core/run.js";
import type { RunObserver } from "../../core/run-observer.js";
import { traceOf } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import { failuresOf, TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import { rowOf } from "../../metrics/row.js";
import { runTrial } from "../../runtime/run-trial.js";
import type { Store } from "../../store/store.js";
import type { Evaluation } from "../evaluation.js";
import { eitherSignal, untilAborted } from "./either-signal.js";
import { remainingTrials } from "./plan.js";
import { schedule } from "./schedule.js";
import { type StopOptions, StopRules, spentUsd } from "./stop-rules.js";
import { TrialWriter } from "./trial-writer.js";

export interface RunOptions extends Pick<StopOptions, "decision"> {
  readonly maxConcurrency: number;
  /** US dollars for the whole run, or `null` for no limit. */
  readonly budgetUsd: number | null;
  /** Stop at the first trial that fails or cannot be executed. */
  readonly failFast: boolean;
  /** Run trials again that ended in an infrastructure error. */
  readonly retryErrors: boolean;
}

/** How a run stands after its trials were executed. */
export interface RunOutcome {
  readonly status: RunStatus;
  /** What the user should know, one sentence each. */
  readonly notes: readonly string[];
}

export interface RunServices {
  readonly store: Store;
  readonly clock: Clock;
  /** Aborting leaves a run that can be resumed. */
  readonly signal: AbortSignal;
  readonly observer: RunObserver;
  /** Told of trials before they are stored together; when it throws, they are not. */
  readonly onFinished?: (trials: readonly Trial[]) => void;
}

/**
 * Executes the trials of a run that the store does not hold yet. Each finished trial is stored at once, so
 * that a killed process loses only the trials in flight; a trial that was stopped is not stored.
 *
 */
export async function runEvaluation(
  run: RunHeader,
  evaluation: Evaluation,
  options: RunOptions,
  services: RunServices,
): Promise<RunOutcome> {
  const { store, observer, clock } = services;
  const finished = [...store.finishedTrials(run.id)];
  const remaining = remainingTrials(run.plan, finished, options.retryErrors);
  const stored = new Set(finished.map((one) => `${one.trial}/${one.caseId}`));
  const casesById = new Map(evaluation.cases.map((one) => [one.id, one]));
  const stops = new StopRules(options);
  const isReplay = evaluation.agent.model.provider === "replay";
  const writer = new TrialWriter(store, run.id, services.onFinished);

  // Every trial in flight listens: Node would take more than ten listeners for a leak.
  setMaxListeners(0, services.signal);
  store.updateRun(run.id, { status: "running", finishedAt: null });
  observer.runStarted(run, remaining.length);
  try {
    await schedule(
      remaining,
      async (planned) => {
        const held = observer.ready?.() ?? null;
        if (held !== null) await untilAborted(held, services.signal);
        if (services.signal.aborted) return;
        observer.trialStarted(planned);
        const goldenCase = casesById.get(planned.caseId) as GoldenCase;
        const skip = observer.skipSignal?.(planned);
        const either = skip === undefined ? null : eitherSignal(services.signal, skip);
        const signal = either?.signal ?? services.signal;
        const trial = await executeTrial(run.id, planned, goldenCase, evaluation, {
          ...services,
          signal,
        }).finally(() => either?.release());
        if (trial.stopReason === "aborted") {
          observer.trialStopped?.(planned);
          return;
        }
        const row = rowOf(goldenCase, trial, evaluation.metrics.set);
        await writer.write(trial, row, stored.has(`${planned.trial}/${planned.caseId}`));
        stops.note(row, isReplay ? 0 : spentUsd(trial));
        const success = row.scores[TASK_SUCCESS]?.value ?? null;
        observer.trialFinished({
          caseId: row.caseId,
          trial: row.trial,
          status: row.status,
          passed: success === null ? null : success === 1,
          costUsd: row.costUsd,
          durationMs: row.durationMs,
          reason: success === 1 || observer.wantsReasons !== true ? null : reasonOf(goldenCase, trial),
        });
      },
      {
        maxConcurrency: options.maxConcurrency,
        signal: services.signal,
        shouldStop: () => stops.reached() !== null,
      },
    );
  } finally {
    observer.runFinished();
  }
  const status = services.signal.aborted ? "interrupted" : statusAfter(store, run, stops);
  store.updateRun(run.id, { status, finishedAt: new Date(clock.now()).toISOString() });
  return { status, notes: stops.notes() };
}

function reasonOf(goldenCase: GoldenCase, trial: Trial): string | null {
  return trial.error?.message ?? failuresOf({ goldenCase, trial, trace: traceOf(trial) })[0] ?? null;
}

function statusAfter(store: Store, run: RunHeader, stops: StopRules): RunStatus {
  const missing = remainingTrials(run.plan, store.finishedTrials(run.id), false).length;
  return missing === 0 ? "complete" : (stops.reached() ?? "interrupted");
}

function executeTrial(
  runId: string,
  planned: PlannedTrial,
  goldenCase: GoldenCase,
  evaluation: Evaluation,
  services: RunServices,
): Promise<Trial> {
  return runTrial(
    {
      agent: evaluation.agent,
      goldenCase,
      trial: planned.trial,
      runId,
      seed: evaluation.seed,
      environment: evaluation.environmentOf(goldenCase),
      userModel: evaluation.userModel,
      recordedTurns: evaluation.recordedTurns(planned),
    },
    { clock: services.clock, signal: services.signal },
  );
}
