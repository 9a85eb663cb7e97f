import type { PlannedTrial } from "../core/run.js";
import type { FinishedTrialNews } from "../core/run-observer.js";

/** How far a run is. Counts are of the trials executed now, not of those that an earlier run stored. */
export interface ProgressState {
  readonly total: number;
  readonly done: number;
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
  /** US dollars so far; `null` while no trial had a known price. */
  readonly costUsd: number | null;
  /** Milliseconds on the clock that `startedMs` was read from. */
  readonly startedMs: number;
  /** Running trials as `case/trial`, oldest first. */
  readonly running: readonly string[];
  /** The last failures, newest last, at most five. */
  readonly lastFailures: readonly string[];
}

const FAILURES_SHOWN = 5;

/** Follows a run by its news; amounts to a reducer that mutates, so that 100,000 trials cost little. */
export class ProgressTracker {
  private total = 0;
  private done = 0;
  private passed = 0;
  private failed = 0;
  private errors = 0;
  private costUsd: number | null = null;
  private readonly running = new Set<string>();
  private lastFailures: string[] = [];

  constructor(private startedMs: number) {}

  start(total: number, nowMs: number): void {
    this.total = total;
    this.startedMs = nowMs;
  }

  trialStarted(planned: PlannedTrial): void {
    this.running.add(nameOf(planned));
  }

  trialFinished(news: FinishedTrialNews): void {
    this.running.delete(nameOf(news));
    this.done += 1;
    if (news.costUsd !== null) this.costUsd = (this.costUsd ?? 0) + news.costUsd;
    if (news.status === "error") this.errors += 1;
    else if (news.passed === true) this.passed += 1;
    else if (news.passed === false) this.failed += 1;
    if (news.status === "error" || news.passed === false) {
      this.lastFailures = [...this.lastFailures, nameOf(news)].slice(-FAILURES_SHOWN);
    }
  }

  state(): ProgressState {
    const { total, done, passed, failed, errors, costUsd, startedMs, lastFailures } = this;
    return {
      total,
      done,
      passed,
      failed,
      errors,
      costUsd,
      startedMs,
      lastFailures,
      running: [...this.running],
    };
  }
}

function nameOf(one: { readonly caseId: string; readonly trial: number }): string {
  return one.trial === 0 ? one.caseId : `${one.caseId}/${one.trial}`;
}

/** Milliseconds that the rest will take at the pace so far; `null` before the first trial has ended. */
export function etaMs(state: ProgressState, nowMs: number): number | null {
  if (state.done === 0) return null;
  return ((nowMs - state.startedMs) / state.done) * (state.total - state.done);
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
