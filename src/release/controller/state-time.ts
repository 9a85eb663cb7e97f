import type { Clock } from "../../core/clock.js";
import type { ReleaseRecord } from "../journal/journal.js";
import { stateText } from "../machine/state.js";

/** What a tick may add to the bake, as a multiple of the wait that was asked for. */
const MOST_LATE = 2;

/**
 * How long states last, by the clock that never goes back. The wall clock is used once, for what lies before this
 * controller.
 */
export class StateTime {
  readonly #clock: Clock;
  #state = "";
  #sinceMs = 0;
  #elapsedBefore = 0;
  #lastTick: number | null = null;
  #wait = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Called once a tick.
   *
   * @returns time since the last one, milliseconds, 0 for the first: down-time, a suspended machine and a stalled process
   *   do not count
   */
  tick(): number {
    const now = this.#clock.monotonic();
    const passed = this.#lastTick === null ? 0 : Math.max(0, now - this.#lastTick);
    this.#lastTick = now;
    return Math.min(passed, MOST_LATE * this.#wait);
  }

  /** How long the next tick was asked to wait. */
  wait(ms: number): void {
    this.#wait = ms;
  }

  /** How long the release has been in its state; for what people are waited for, down-time counts. */
  elapsedMs(release: ReleaseRecord): number {
    const state = `${stateText(release.state)} ${release.since}`;
    const now = this.#clock.monotonic();
    if (state !== this.#state) {
      this.#state = state;
      this.#sinceMs = now;
      this.#elapsedBefore = Math.max(0, this.#clock.now() - Date.parse(release.since));
    }
    return this.#elapsedBefore + now - this.#sinceMs;
  }
}
