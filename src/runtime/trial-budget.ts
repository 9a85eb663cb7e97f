import type { Clock } from "../core/clock.js";
import type { StopReason } from "../core/trial.js";
import type { TrialLimits } from "./agent.js";
import type { ReplyAccount } from "./model-caller.js";
import { onAbort } from "./on-abort.js";

/** Keeps the books of one trial: steps, cost and time, and the signal that stops its calls. */
export class TrialBudget {
  private steps = 0;
  private costUsd = 0;
  private recordedExtraMs = 0;
  private deadlinePassed = false;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly startedMs: number;
  private readonly forget: () => void;

  constructor(
    private readonly limits: TrialLimits,
    private readonly clock: Clock,
    private readonly outer: AbortSignal,
    /** Of the conversation that this one works for: what is spent here is spent there as well. */
    private readonly parent: TrialBudget | null = null,
  ) {
    this.startedMs = clock.monotonic();
    if (outer.aborted) this.controller.abort();
    this.forget = onAbort(outer, () => this.controller.abort());
    this.timer = setTimeout(() => this.passDeadline(), limits.timeoutMs);
  }

  /** Aborted by the deadline of the trial or by the caller. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly addReply = (account: ReplyAccount): void => {
    this.costUsd += account.costUsd ?? 0;
    this.recordedExtraMs += account.recordedExtraMs;
    this.parent?.addReply(account);
  };

  /** Milliseconds since the trial began, with replayed calls at the time that they took when recorded. */
  elapsedMs(): number {
    return this.clock.monotonic() - this.startedMs + this.recordedExtraMs;
  }

  /** Counts one model call of the agent. */
  addStep(): void {
    this.steps += 1;
  }

  /** The limit that forbids another step, or `null`. */
  exhausted(): StopReason | null {
    const interruption = this.interruption();
    if (interruption !== null) return interruption;
    if (this.steps >= this.limits.maxSteps) return "step_limit";
    return this.isSpent() ? "budget" : null;
  }

  /** Why calls were aborted from outside the conversation, or `null` when they were not. */
  interruption(): StopReason | null {
    if (this.outer.aborted) return "aborted";
    if (!this.deadlinePassed && this.clock.monotonic() - this.startedMs >= this.limits.timeoutMs)
      this.passDeadline();
    return this.deadlinePassed ? "deadline" : null;
  }

  close(): void {
    clearTimeout(this.timer);
    this.forget();
  }

  private isSpent(): boolean {
    const { budgetUsd } = this.limits;
    return (budgetUsd !== null && this.costUsd >= budgetUsd) || this.parent?.isSpent() === true;
  }

  private passDeadline(): void {
    this.deadlinePassed = true;
    this.controller.abort();
  }
}
