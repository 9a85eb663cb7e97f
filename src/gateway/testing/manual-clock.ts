import type { Clock } from "../../core/clock.js";

/** A clock that a test sets. */
export class ManualClock implements Clock {
  ms = 1_700_000_000_000;

  now = () => this.ms;
  monotonic = () => this.ms - 1_600_000_000_000;
}
