import type { PlannedTrial, RunHeader } from "./run.js";

/** What a live view needs to know of a trial that ended. */
export interface FinishedTrialNews {
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  readonly status: "completed" | "error";
  /** `null` when the case states nothing to succeed at, or infrastructure failed. */
  readonly passed: boolean | null;
  readonly costUsd: number | null;
  readonly durationMs: number;
  /** Why it did not pass, one sentence; `null` when it did, and where nobody can say. */
  readonly reason?: string | null;
}

/** Told what happens during a run; drives the live view. Must not throw. */
export interface RunObserver {
  /** Whether news shall say why a trial did not pass: working that out takes a while. */
  readonly wantsReasons?: boolean;
  /** @param remaining - trials that will be executed now; fewer than planned when a run is resumed */
  runStarted(run: RunHeader, remaining: number): void;
  /** Waited for before each trial, while a person holds the run back; `null` while nobody does. */
  ready?(): Promise<void> | null;
  trialStarted(planned: PlannedTrial): void;
  /** Aborted when a person skips the trial: it is not stored, so that `--resume` runs it. */
  skipSignal?(planned: PlannedTrial): AbortSignal;
  /** The trial was stopped, by a skip or with the whole run, and is not stored. */
  trialStopped?(planned: PlannedTrial): void;
  trialFinished(news: FinishedTrialNews): void;
  runFinished(): void;
}
