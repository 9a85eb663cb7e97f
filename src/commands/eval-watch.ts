import { systemClock } from "../core/clock.js";
import { EXIT } from "../core/exit-codes.js";
import type { EvalFlags } from "../eval/eval-flags.js";
import type { RoundCause, WatchDisplay, WatchKey } from "../eval/watch/watch-suite.js";
import type { CommandIo } from "./io.js";

const KEYS: { readonly [typed: string]: WatchKey } = {
  r: "all",
  f: "failing",
  a: "affected",
  "\r": "again",
  "\n": "again",
  p: "pause",
  q: "quit",
};
const CTRL_C = "\u0003";
const CLEAR_LINE = "\r\u001b[2K";

/** `agentctl eval --watch`: prints each round until a person quits. */
export async function runEvalWatch(flags: EvalFlags, io: CommandIo): Promise<void> {
  const { watchSuite } = await import("../eval/watch/watch-suite.js");
  const { renderBroken, renderCause, renderRound, WATCH_KEYS } = await import("../eval/watch/watch-text.js");
  const interruption = new AbortController();
  const stopListening = io.onInterrupt(() => interruption.abort());
  const keyboard = openKeyboard(() => interruption.abort());
  const status = new StatusLine(io.isTerminal && flags.quiet !== true);
  const print = (text: string) => {
    status.clear();
    io.print(text);
    status.redraw();
  };
  let startedMs = 0;
  let isHeld = false;
  const rest = () => {
    const watching = keyboard === null ? "watching" : "watching; h lists the keys";
    status.show(isHeld ? "paused; p goes on" : watching);
  };
  const display: WatchDisplay = {
    started: (cause) => {
      startedMs = performance.now();
      status.begin(renderCause(cause));
    },
    finished: (run, cause) => {
      print(renderRound(run, cause, elapsedMs(cause, startedMs), io));
      rest();
    },
    broken: (error, cause) => {
      print(renderBroken(error, cause, io));
      rest();
    },
    paused: (isPaused) => {
      isHeld = isPaused;
      print(isPaused ? "paused" : "goes on");
      rest();
    },
    note: (text) => io.note(text),
  };
  try {
    const isQuit = await watchSuite(flags, {
      workingDirectory: io.cwd,
      env: io.env,
      clock: systemClock,
      signal: interruption.signal,
      observer: {
        runStarted: (_run, remaining) => status.expect(remaining),
        trialStarted: () => {},
        trialFinished: () => status.count(),
        runFinished: () => {},
      },
      display,
      onKey: (listener) =>
        keyboard?.listen((typed) => {
          const key = KEYS[typed];
          if (typed === "h" || typed === "?") print(WATCH_KEYS);
          else if (key !== undefined) listener(key);
        }),
    });
    status.clear();
    io.setExitCode(isQuit ? EXIT.ok : EXIT.interrupted);
  } finally {
    keyboard?.close();
    stopListening();
  }
}

/** From the save to now; a clock that was set back makes it no less than 0. */
function elapsedMs({ writtenMs }: RoundCause, startedMs: number): number {
  return writtenMs === null ? performance.now() - startedMs : Math.max(0, Date.now() - writtenMs);
}

/** Single keys of a terminal; `null` where there is none. */
function openKeyboard(interrupt: () => void) {
  const { stdin } = process;
  if (stdin.isTTY !== true) return null;
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.resume();
  return {
    listen: (onKey: (typed: string) => void) => {
      stdin.on("data", (text: string) => {
        for (const typed of text) {
          if (typed === CTRL_C) interrupt();
          else onKey(typed);
        }
      });
    },
    close: () => {
      stdin.setRawMode(false);
      stdin.removeAllListeners("data");
      stdin.pause();
    },
  };
}

const STATUS_MS = 100;

/** One line at the bottom of a terminal that gives way to whatever is printed. */
class StatusLine {
  private what = "";
  private total = 0;
  private done = 0;
  private shownMs = 0;
  private shown = "";

  constructor(private readonly isShown: boolean) {}

  begin(what: string): void {
    this.what = what;
    this.total = 0;
    this.done = 0;
  }

  expect(total: number): void {
    this.total = total;
  }

  count(): void {
    this.done += 1;
    const now = performance.now();
    if (now - this.shownMs < STATUS_MS) return;
    this.shownMs = now;
    this.show(`${this.what}: ${this.done}/${this.total} trials`);
  }

  show(text: string): void {
    this.shown = text;
    this.redraw();
  }

  redraw(): void {
    if (!this.isShown) return;
    process.stderr.write(`${CLEAR_LINE}${this.shown.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  clear(): void {
    if (this.isShown) process.stderr.write(CLEAR_LINE);
  }
}
