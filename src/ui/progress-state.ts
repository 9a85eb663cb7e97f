import type { PlannedTrial } from "../core/run.js";
import type { FinishedTrialNews } from "../core/run-observer.js";

/** A trial that runs. */
export interface RunningTrial {
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  /** `case`, or `case/trial` after the first. */
  readonly name: string;
  readonly startedMs: number;
}

/** A trial that did not pass. */
export interface FailedTrial {
  readonly caseId: string;
  readonly trial: number;
  readonly name: string;
  readonly isError: boolean;
  /** One sentence, as the run gave it: not safe to show as it is. */
  readonly reason: string | null;
}

/** How far a run is. Counts are of the trials executed now, not of those that an earlier run stored. */
export interface ProgressState {
  readonly total: number;
  readonly done: number;
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
  /** Stopped by a person: without a result, so neither passed nor failed. */
  readonly skipped: number;
  /** US dollars so far; `null` while no trial had a known price. */
  readonly costUsd: number | null;
  /** Milliseconds on the clock that `startedMs` was read from. */
  readonly startedMs: number;
  /** Oldest first. */
  readonly running: readonly RunningTrial[];
  /** The last failures, newest last, at most 200. */
  readonly failures: readonly FailedTrial[];
}

/** Failures that a person can scroll back to. */
const FAILURES_KEPT = 200;

/** Follows a run by its news; amounts to a reducer that mutates, so that 100,000 trials cost little. */
export class ProgressTracker {
  private total = 0;
  private done = 0;
  private passed = 0;
  private failed = 0;
  private errors = 0;
  private skipped = 0;
  private costUsd: number | null = null;
  private readonly running = new Map<string, RunningTrial>();
  private readonly failures: FailedTrial[] = [];

  constructor(private startedMs: number) {}

  start(total: number, nowMs: number): void {
    this.total = total;
    this.startedMs = nowMs;
  }

  trialStarted({ caseId, trial }: PlannedTrial, nowMs: number): void {
    const name = nameOf({ caseId, trial });
    this.running.set(name, { caseId, trial, name, startedMs: nowMs });
  }

  trialStopped(planned: PlannedTrial): void {
    if (this.running.delete(nameOf(planned))) this.skipped += 1;
  }

  trialFinished(news: FinishedTrialNews): void {
    const name = nameOf(news);
    this.running.delete(name);
    this.done += 1;
    if (news.costUsd !== null) this.costUsd = (this.costUsd ?? 0) + news.costUsd;
    const isError = news.status === "error";
    if (isError) this.errors += 1;
    else if (news.passed === true) this.passed += 1;
    else if (news.passed === false) this.failed += 1;
    if (!isError && news.passed !== false) return;
    this.failures.push({
      caseId: news.caseId,
      trial: news.trial,
      name,
      isError,
      reason: news.reason ?? null,
    });
    if (this.failures.length > FAILURES_KEPT) this.failures.shift();
  }

  state(): ProgressState {
    const { total, done, passed, failed, errors, skipped, costUsd, startedMs, failures } = this;
    const running = [...this.running.values()];
    return { total, done, passed, failed, errors, skipped, costUsd, startedMs, running, failures };
  }
}

function nameOf(one: { readonly caseId: string; readonly trial: number }): string {
  return one.trial === 0 ? one.caseId : `${one.caseId}/${one.trial}`;
}

/**
 * Milliseconds that the rest will take at the pace so far, which holds what runs at the same time; `null` before the
 * first trial has ended.
 *
 * @param heldMs - time in which the run was held back
 */
export function etaMs(state: ProgressState, nowMs: number, heldMs = 0): number | null {
  if (state.done === 0) return null;
  const left = Math.max(0, state.total - state.done - state.skipped);
  return (Math.max(0, nowMs - state.startedMs - heldMs) / state.done) * left;
}

/** `1m 05s`, `12s`; `?` when it is not known. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return "?";
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}

/** `$0.0123`, or `no price` when it is not known. */
export function formatCost(costUsd: number | null): string {
  return costUsd === null ? "no price" : `$${costUsd.toFixed(costUsd < 1 ? 4 : 2)}`;
}
