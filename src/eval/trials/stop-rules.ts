import type { RunStatus } from "../../core/run.js";
import type { Trial } from "../../core/trial.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { TrialRow } from "../../metrics/metric.js";

export interface StopOptions {
  /** US dollars for the whole run, or `null` for no limit. */
  readonly budgetUsd: number | null;
  /** Stop at the first trial that fails or cannot be executed. */
  readonly failFast: boolean;
  /** Told of every trial; says when the verdict of the gates is known. `null`: the run goes on to its end. */
  readonly decision?: { note(row: TrialRow): void; isDecided(): boolean } | null;
}

/** Decides when a run stops early. A budget that cannot be kept, because no price is known, is taken as spent. */
export class StopRules {
  private spentUsd = 0;
  private isPriceUnknown = false;
  private hasFailed = false;

  constructor(private readonly options: StopOptions) {}

  /** @param spentUsd - what the trial cost in this run; `null` when it is not known */
  note(row: TrialRow, spentUsd: number | null): void {
    if (spentUsd === null) this.isPriceUnknown = true;
    else this.spentUsd += spentUsd;
    this.options.decision?.note(row);
    if (row.status === "error" || row.scores[TASK_SUCCESS]?.value === 0) this.hasFailed = true;
  }

  reached(): Extract<RunStatus, "budget_exhausted" | "failed_fast" | "decided"> | null {
    const { budgetUsd, failFast, decision } = this.options;
    if (failFast && this.hasFailed) return "failed_fast";
    if (decision?.isDecided() === true) return "decided";
    if (budgetUsd !== null && (this.isPriceUnknown || this.spentUsd >= budgetUsd)) return "budget_exhausted";
    return null;
  }

  notes(): readonly string[] {
    if (this.options.budgetUsd === null || !this.isPriceUnknown) return [];
    return [
      "stopped: the price of the model is not known, so --budget-usd cannot be kept; set `price` in the agent file",
    ];
  }
}

/** What a trial really cost now, in US dollars: calls that a cache answered are free; `null` when not known. */
export function spentUsd(trial: Trial): number | null {
  let sum = 0;
  for (const event of trial.events) {
    if (event.event_type !== "llm_call_end" || event.payload.cached) continue;
    if (event.payload.costUsd === null) return null;
    sum += event.payload.costUsd;
  }
  return sum;
}
