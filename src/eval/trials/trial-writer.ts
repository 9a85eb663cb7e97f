import type { Trial } from "../../core/trial.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { Store } from "../../store/store.js";

interface PendingTrial {
  readonly trial: Trial;
  readonly row: TrialRow;
  readonly replaces: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Stores finished trials. Those that end in the same turn of the event loop share one transaction: nothing is
 * lost by it, because a trial counts as finished only once it is stored, and a fast model costs far less.
 */
export class TrialWriter {
  private pending: PendingTrial[] = [];

  constructor(
    private readonly store: Store,
    private readonly runId: string,
    /** Told of trials before they are stored together; when it throws, they are not. */
    private readonly onFinished: (trials: readonly Trial[]) => void = () => {},
  ) {}

  /**
   * Resolves when the trial is durable.
   *
   * @param replaces - whether an errored trial of the same place is replaced
   */
  write(trial: Trial, row: TrialRow, replaces: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.pending.push({ trial, row, replaces, resolve, reject });
      if (this.pending.length === 1) setImmediate(() => this.flush());
    });
  }

  private flush(): void {
    const batch = this.pending;
    this.pending = [];
    try {
      this.onFinished(batch.map(({ trial }) => trial));
      this.store.transaction(() => {
        for (const { trial, row, replaces } of batch) {
          if (replaces) this.store.replaceTrial(this.runId, trial, row);
          else this.store.addTrial(this.runId, trial, row);
        }
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { resolve } of batch) resolve();
  }
}
