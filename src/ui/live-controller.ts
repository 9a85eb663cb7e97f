import { type FrameLine, type LiveChoice, liveFrame, traceRoom } from "./live-frame.js";
import type { ProgressState } from "./progress-state.js";
import type { RunControl } from "./run-control.js";

/** Keys as ink names them. */
export interface PressedKey {
  readonly upArrow?: boolean;
  readonly downArrow?: boolean;
  readonly pageUp?: boolean;
  readonly pageDown?: boolean;
  readonly return?: boolean;
  readonly escape?: boolean;
  readonly tab?: boolean;
  readonly ctrl?: boolean;
}

export interface LiveServices {
  readonly state: () => ProgressState;
  readonly control: RunControl;
  /** US dollars for the whole run, or `null` for no limit. */
  readonly budgetUsd: number | null;
  /** The trace of a finished trial as lines, or why there is none. */
  readonly trace: (caseId: string, trial: number) => Promise<readonly string[]>;
  /** Stops the run as Ctrl-C does; a second time ends the process. */
  readonly interrupt: () => void;
  /** Milliseconds on the clock of the state. */
  readonly now: () => number;
}

/** What keys do in the live view; knows nothing of how it is drawn. */
export class LiveController {
  private list: LiveChoice["list"] = "running";
  private position = 0;
  /** Stays selected while the lists change; `null` until a person moves: the first of the list is. */
  private selected: string | null = null;
  private isHelpShown = false;
  private isStopping = false;
  private trace: LiveChoice["trace"] = null;

  constructor(private readonly services: LiveServices) {}

  frame(size: { readonly columns: number; readonly rows: number }): readonly FrameLine[] {
    const { state, control, budgetUsd, now } = this.services;
    this.stay();
    const choice: LiveChoice = {
      list: this.list,
      position: this.position,
      isPaused: control.isPaused,
      isHelpShown: this.isHelpShown,
      isStopping: this.isStopping,
      heldMs: control.heldMs(now()),
      budgetUsd,
      trace: this.trace,
    };
    return liveFrame(state(), choice, size, now());
  }

  /** @param rows - of the window: a page of a trace */
  async press(input: string, key: PressedKey, rows: number): Promise<void> {
    const { control, now, interrupt } = this.services;
    if (input === "q" || (key.ctrl === true && input === "c")) {
      this.isStopping = true;
      control.release(now());
      interrupt();
    } else if (key.escape === true) {
      this.trace = null;
      this.isHelpShown = false;
    } else if (input === "?") this.isHelpShown = !this.isHelpShown;
    else if (input === "p" && !this.isStopping) control.togglePause(now());
    else if (key.upArrow === true || input === "k") this.move(-1);
    else if (key.downArrow === true || input === "j") this.move(1);
    else if (key.pageUp === true) this.move(-traceRoom(rows));
    else if (key.pageDown === true) this.move(traceRoom(rows));
    else if (key.tab === true) {
      this.list = this.list === "running" ? "failures" : "running";
      this.selected = null;
    } else if (input === "s") this.skip();
    else if (key.return === true || input === "t") await this.open();
  }

  private skip(): void {
    const { control, state } = this.services;
    this.stay();
    const trial = this.list === "running" ? state().running[this.position] : undefined;
    if (trial !== undefined) control.skip(trial);
  }

  /** Of the selected failure; the newest one while running trials are selected. */
  private async open(): Promise<void> {
    this.stay();
    const { failures } = this.services.state();
    const failure = failures[failures.length - 1 - (this.list === "failures" ? this.position : 0)];
    if (failure === undefined) return;
    const lines = await this.services.trace(failure.caseId, failure.trial);
    this.trace = { title: failure.name, lines, top: 0 };
  }

  private move(step: number): void {
    if (this.trace !== null) {
      const top = Math.min(Math.max(0, this.trace.top + step), Math.max(0, this.trace.lines.length - 1));
      this.trace = { ...this.trace, top };
      return;
    }
    const names = this.stay();
    const last = Math.max(0, names.length - 1);
    this.position = Math.max(0, Math.min(this.position + step, last));
    this.selected = names[this.position] ?? null;
  }

  /** Finds what is selected where it is now: lists grow and shrink while they are looked at. */
  private stay(): readonly string[] {
    const { running, failures } = this.services.state();
    const names =
      this.list === "running" ? running.map(({ name }) => name) : failures.map(({ name }) => name).reverse();
    const found = this.selected === null ? 0 : names.indexOf(this.selected);
    if (found === -1) this.selected = null;
    this.position = Math.max(0, found);
    return names;
  }
}
