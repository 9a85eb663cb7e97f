import type { PlannedTrial } from "../core/run.js";

/** What a person does to a run while it goes on: holds it back, skips trials. */
export class RunControl {
  private readonly skips = new Map<string, AbortController>();
  private going: { readonly promise: Promise<void>; readonly go: () => void } | null = null;
  private heldSinceMs = 0;
  private heldBeforeMs = 0;

  get isPaused(): boolean {
    return this.going !== null;
  }

  /** Stops starting trials, or goes on; trials in flight end as they would. */
  togglePause(nowMs: number): void {
    if (this.going !== null) {
      this.release(nowMs);
      return;
    }
    this.heldSinceMs = nowMs;
    let go = () => {};
    const promise = new Promise<void>((resolve) => {
      go = resolve;
    });
    this.going = { promise, go };
  }

  /** Lets the run go on, e.g. to end. */
  release(nowMs: number): void {
    if (this.going === null) return;
    this.heldBeforeMs += nowMs - this.heldSinceMs;
    this.going.go();
    this.going = null;
  }

  /** Milliseconds in which the run was held back. */
  heldMs(nowMs: number): number {
    return this.heldBeforeMs + (this.going === null ? 0 : nowMs - this.heldSinceMs);
  }

  /** `null` while the run is not held back. */
  ready(): Promise<void> | null {
    return this.going === null ? null : this.whileHeld();
  }

  private async whileHeld(): Promise<void> {
    while (this.going !== null) await this.going.promise;
  }

  skipSignal(planned: PlannedTrial): AbortSignal {
    const controller = new AbortController();
    this.skips.set(keyOf(planned), controller);
    return controller.signal;
  }

  skip(trial: { readonly caseId: string; readonly trial: number }): void {
    this.skips.get(keyOf(trial))?.abort();
  }

  forget(trial: { readonly caseId: string; readonly trial: number }): void {
    this.skips.delete(keyOf(trial));
  }
}

function keyOf({ caseId, trial }: { readonly caseId: string; readonly trial: number }): string {
  return `${trial}/${caseId}`;
}
