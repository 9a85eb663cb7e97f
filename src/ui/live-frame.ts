import { etaMs, formatCost, formatDuration, type ProgressState } from "./progress-state.js";
import { clipCells } from "./review/wrap-cells.js";

export interface FrameLine {
  readonly text: string;
  readonly color: "red" | "green" | "yellow" | "cyan" | "dim" | "plain";
}

/** What a person has chosen to see. */
export interface LiveChoice {
  /** Which list the arrows move in. */
  readonly list: "running" | "failures";
  /** Position in that list; failures count from the newest. */
  readonly position: number;
  readonly isPaused: boolean;
  readonly isHelpShown: boolean;
  readonly isStopping: boolean;
  /** Milliseconds in which the run was held back. */
  readonly heldMs: number;
  /** US dollars for the whole run, or `null` for no limit. */
  readonly budgetUsd: number | null;
  /** Lines of the trace that is open, and the first one that is seen; `null` for none. */
  readonly trace: { readonly title: string; readonly lines: readonly string[]; readonly top: number } | null;
}

const KEYS = [
  "p      pause or go on: no further trial starts",
  "s      skip the selected running trial; --resume runs it",
  "enter  open the trace of the selected failure (also t)",
  "tab    between running trials and failures",
  "up/dn  select, or scroll a trace (also j and k)",
  "esc    close the trace or this help",
  "q      stop; what ran is kept (also Ctrl-C)",
];

/** C0 and C1 controls would act on the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g;

/**
 * The live view as lines that fit: none is wider than the window, and together they leave one row free.
 *
 * @param nowMs - on the clock of `state.startedMs`
 */
export function liveFrame(
  state: ProgressState,
  choice: LiveChoice,
  size: { readonly columns: number; readonly rows: number },
  nowMs: number,
): readonly FrameLine[] {
  const width = Math.max(10, size.columns - 1);
  const height = Math.max(3, size.rows - 1);
  const head = headLines(state, choice, width, nowMs);
  const room = Math.max(0, height - head.length - 1);
  const body = choice.isHelpShown
    ? KEYS.slice(0, room).map((text) => line(text, "plain"))
    : choice.trace === null
      ? lists(state, choice, room, nowMs)
      : choice.trace.lines
          .slice(choice.trace.top, choice.trace.top + room)
          .map((text) => line(text, "plain"));
  return [...head, ...body, line(footer(choice, width), "dim")].slice(0, height).map(({ text, color }) => ({
    text: fitted(text, width),
    color,
  }));
}

/** How many lines of a trace are seen at once. */
export function traceRoom(rows: number): number {
  return Math.max(1, Math.max(3, rows - 1) - 3);
}

function headLines(
  state: ProgressState,
  { isPaused, isStopping, heldMs, budgetUsd }: LiveChoice,
  width: number,
  nowMs: number,
): FrameLine[] {
  const { done, total, passed, failed, errors, skipped, costUsd } = state;
  const counts = [
    `${done}/${total}`,
    `${passed} passed`,
    `${failed} failed`,
    ...(errors > 0 ? [`${errors} errors`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join("  ");
  const bar = Math.min(30, width - counts.length - 2);
  const filled = total === 0 ? bar : Math.round(Math.min(1, done / total) * bar);
  const shownBar = bar >= 5 ? `${"█".repeat(filled)}${"░".repeat(bar - filled)}  ` : "";
  const eta = formatDuration(etaMs(state, nowMs, heldMs));
  const pace = isStopping
    ? "stopping"
    : isPaused
      ? `paused, ${state.running.length} still running`
      : `${eta} left`;
  const budget = budgetUsd === null ? "" : ` of ${formatCost(budgetUsd)}`;
  const times = `${formatCost(costUsd)}${budget}, ${formatDuration(nowMs - state.startedMs)}, ${pace}`;
  return [
    line(shownBar + counts, failed + errors > 0 ? "red" : "green"),
    line(times, isPaused || isStopping ? "yellow" : "dim"),
  ];
}

/** Failures get what running trials leave, and at least half of the room. */
function lists(state: ProgressState, choice: LiveChoice, room: number, nowMs: number): FrameLine[] {
  const isShared = state.failures.length > 0;
  const forRunning = Math.min(state.running.length, isShared ? Math.ceil(room / 2) : room);
  const forFailures = Math.min(state.failures.length, room - forRunning);
  const running = windowOf(state.running, choice.list === "running" ? choice.position : 0, forRunning);
  const newestFirst = [...state.failures].reverse();
  const failures = windowOf(newestFirst, choice.list === "failures" ? choice.position : 0, forFailures);
  return [
    ...running.map(({ item, index }) => {
      const isSelected = choice.list === "running" && index === choice.position;
      return line(
        `${isSelected ? ">" : " "} ${formatDuration(nowMs - item.startedMs).padStart(4)}  ${item.name}`,
        isSelected ? "cyan" : "dim",
      );
    }),
    ...failures.map(({ item, index }) => {
      const isSelected = choice.list === "failures" && index === choice.position;
      const reason = item.reason === null ? "" : `  ${item.reason}`;
      return line(
        `${isSelected ? ">" : " "} ${item.isError ? "error " : "failed"} ${item.name}${reason}`,
        item.isError ? "yellow" : "red",
      );
    }),
  ];
}

function windowOf<T>(
  items: readonly T[],
  position: number,
  length: number,
): readonly { readonly item: T; readonly index: number }[] {
  const first = Math.max(0, Math.min(position - length + 1, items.length - length));
  return items.slice(first, first + length).map((item, offset) => ({ item, index: first + offset }));
}

function footer({ trace, isHelpShown, isPaused }: LiveChoice, width: number): string {
  if (isHelpShown) return "esc closes";
  if (trace !== null) return `${trace.title}  up/dn scroll  esc closes`;
  const keys = `p ${isPaused ? "go on" : "pause"}  s skip  enter trace  q stop  ? help`;
  return keys.length <= width ? keys : "? help  q stop";
}

function line(text: string, color: FrameLine["color"]): FrameLine {
  return { text, color };
}

/** A text without controls, of at most so many cells. */
export function fitted(text: string, width: number): string {
  return clipCells(text.replace(UNSAFE, " "), width);
}
