import type { Clock } from "../core/clock.js";
import type { StopReason } from "../core/trial.js";
import type { TrialLimits } from "./agent.js";
import type { ReplyAccount } from "./model-caller.js";

/** Keeps the books of one trial: steps, cost and time, and the signal that stops its calls. */
export class TrialBudget {
  private steps = 0;
  private costUsd = 0;
  private recordedExtraMs = 0;
  private deadlinePassed = false;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly startedMs: number;
  private readonly forward = () => this.controller.abort();

  constructor(
    private readonly limits: TrialLimits,
    private readonly clock: Clock,
    private readonly outer: AbortSignal,
  ) {
    this.startedMs = clock.monotonic();
    if (outer.aborted) this.controller.abort();
    outer.addEventListener("abort", this.forward, { once: true });
    this.timer = setTimeout(() => this.passDeadline(), limits.timeoutMs);
  }

  /** Aborted by the deadline of the trial or by the caller. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly addReply = ({ costUsd, recordedExtraMs }: ReplyAccount): void => {
    this.costUsd += costUsd ?? 0;
    this.recordedExtraMs += recordedExtraMs;
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
    if (this.limits.budgetUsd !== null && this.costUsd >= this.limits.budgetUsd) return "budget";
    return null;
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
    this.outer.removeEventListener("abort", this.forward);
  }

  private passDeadline(): void {
    this.deadlinePassed = true;
    this.controller.abort();
  }
}
