import type { RunObserver } from "../core/run-observer.js";
import { progressLine } from "./plain-progress.js";
import { ProgressTracker } from "./progress-state.js";
import { RunControl } from "./run-control.js";

export interface ProgressOptions {
  /** Whether a person watches a terminal: a live view instead of lines. */
  readonly isTerminal: boolean;
  /** Show nothing. */
  readonly isQuiet: boolean;
  readonly useColor: boolean;
  /** Writes one line to stderr. */
  readonly note: (line: string) => void;
  /** US dollars for the whole run, or `null` for no limit. */
  readonly budgetUsd: number | null;
  /** The trace of a stored trial as text. Throws when there is none. */
  readonly trace: (runId: string, caseId: string, trial: number) => Promise<string>;
  /** Stops the run as Ctrl-C does. */
  readonly interrupt: () => void;
}

export interface Progress {
  readonly observer: RunObserver;
  /** Takes the display away. Idempotent. */
  stop(): void;
}

const PLAIN_INTERVAL_MS = 1000;

/** What draws a run; told when to begin and when to go away. */
interface Display {
  begin(runId: string): void;
  stop(): void;
}

/** Starts the display that fits: a live view on a terminal, a line a second elsewhere, nothing when quiet. */
export async function startProgress(options: ProgressOptions): Promise<Progress> {
  const tracker = new ProgressTracker(performance.now());
  const control = new RunControl();
  const display = options.isQuiet ? noDisplay : await chooseDisplay(options, tracker, control);
  const stop = () => display.stop();
  return {
    stop,
    observer: {
      runStarted: (run, remaining) => {
        tracker.start(remaining, performance.now());
        display.begin(run.id);
      },
      // Only where there are keys: 100,000 trials need no signal of their own.
      ...(options.isTerminal && !options.isQuiet
        ? {
            wantsReasons: true,
            ready: () => control.ready(),
            skipSignal: (planned) => control.skipSignal(planned),
          }
        : {}),
      trialStarted: (planned) => tracker.trialStarted(planned, performance.now()),
      trialStopped: (planned) => {
        control.forget(planned);
        tracker.trialStopped(planned);
      },
      trialFinished: (news) => {
        control.forget(news);
        tracker.trialFinished(news);
      },
      runFinished: stop,
    },
  };
}

const noDisplay: Display = { begin: () => {}, stop: () => {} };

async function chooseDisplay(
  options: ProgressOptions,
  tracker: ProgressTracker,
  control: RunControl,
): Promise<Display> {
  if (!options.isTerminal) return plainDisplay(options.note, tracker);
  // Loaded only here: ink costs 300 ms and writes erase codes into a pipe.
  const { startLiveView } = await import("./live-view.js");
  const { LiveController } = await import("./live-controller.js");
  let stopView: (() => void) | null = null;
  return {
    begin: (runId) => {
      const controller = new LiveController({
        state: () => tracker.state(),
        control,
        budgetUsd: options.budgetUsd,
        trace: (caseId, trial) => traceLines(options, runId, caseId, trial),
        interrupt: options.interrupt,
        now: () => performance.now(),
      });
      const { stdin, stderr: screen } = process;
      stopView = startLiveView(controller, { stdin, screen, useColor: options.useColor });
    },
    stop: () => {
      stopView?.();
      stopView = null;
    },
  };
}

async function traceLines(
  { trace }: ProgressOptions,
  runId: string,
  caseId: string,
  trial: number,
): Promise<readonly string[]> {
  try {
    return (await trace(runId, caseId, trial)).split("\n");
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
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
