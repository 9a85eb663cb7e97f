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
}

/** Told what happens during a run; drives the live view. Must not throw. */
export interface RunObserver {
  /** @param remaining - trials that will be executed now; fewer than planned when a run is resumed */
  runStarted(run: RunHeader, remaining: number): void;
  trialStarted(planned: PlannedTrial): void;
  trialFinished(news: FinishedTrialNews): void;
  runFinished(): void;
}
