/** Time, as the resilience layer needs it; tests give one that they turn by hand. */
export interface Timing {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Runs something later, once; the result calls it off. */
  after(ms: number, run: () => void): () => void;
}

/** Longest time that a timer of Node can wait; a longer one would fire at once. */
const MOST_MS = 2_147_483_647;

/** The system's timers, over a clock that never goes back. */
export function systemTiming(monotonic: () => number): Timing {
  return {
    now: monotonic,
    after(ms, run) {
      const timer = setTimeout(run, Math.min(Math.max(0, Math.ceil(ms)), MOST_MS));
      return () => clearTimeout(timer);
    },
  };
}
