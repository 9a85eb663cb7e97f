import { etaMs, formatCost, formatDuration, type ProgressState } from "./progress-state.js";

/** One line of progress for a log, e.g. `120/200 trials, 84 passed, 36 failed, 0 errors, $0.12, 8s left`. */
export function progressLine(state: ProgressState, nowMs: number): string {
  const parts = [
    `${state.done}/${state.total} trials`,
    `${state.passed} passed`,
    `${state.failed} failed`,
    `${state.errors} errors`,
    formatCost(state.costUsd),
    state.done === state.total ? "done" : `${formatDuration(etaMs(state, nowMs))} left`,
  ];
  return parts.join(", ");
}
