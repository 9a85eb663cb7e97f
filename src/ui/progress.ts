import type { RunObserver } from "../core/run-observer.js";
import { progressLine } from "./plain-progress.js";
import { ProgressTracker } from "./progress-state.js";

export interface ProgressOptions {
  /** Whether a person watches a terminal: a live view instead of lines. */
  readonly isTerminal: boolean;
  /** Show nothing. */
  readonly isQuiet: boolean;
  /** Writes one line to stderr. */
  readonly note: (line: string) => void;
}

export interface Progress {
  readonly observer: RunObserver;
  /** Takes the display away. Idempotent. */
  stop(): void;
}

const PLAIN_INTERVAL_MS = 1000;

/** What draws a run; told when to begin and when to go away. */
interface Display {
  begin(): void;
  stop(): void;
}

/** Starts the display that fits: a live view on a terminal, a line a second elsewhere, nothing when quiet. */
export async function startProgress(options: ProgressOptions): Promise<Progress> {
  const tracker = new ProgressTracker(performance.now());
  const display = options.isQuiet ? noDisplay : await chooseDisplay(options, tracker);
  const stop = () => display.stop();
  return {
    stop,
    observer: {
      runStarted: (_run, remaining) => {
        tracker.start(remaining, performance.now());
        display.begin();
      },
      trialStarted: (planned) => tracker.trialStarted(planned),
      trialFinished: (news) => tracker.trialFinished(news),
      runFinished: stop,
    },
  };
}

const noDisplay: Display = { begin: () => {}, stop: () => {} };

async function chooseDisplay(options: ProgressOptions, tracker: ProgressTracker): Promise<Display> {
  if (!options.isTerminal) return plainDisplay(options.note, tracker);
  // Loaded only here: ink costs 300 ms and writes erase codes into a pipe.
  const { startLiveView } = await import("./live-view.js");
  let stopView: (() => void) | null = null;
  return {
    begin: () => {
      stopView = startLiveView(() => tracker.state());
    },
    stop: () => {
      stopView?.();
      stopView = null;
    },
  };
}

function plainDisplay(note: ProgressOptions["note"], tracker: ProgressTracker): Display {
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: () => {
      timer = setInterval(() => note(progressLine(tracker.state(), performance.now())), PLAIN_INTERVAL_MS);
    },
    stop: () => clearInterval(timer),
  };
}
