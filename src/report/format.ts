import { formatQuantity } from "../core/quantity.js";
import type { Estimate } from "../core/score.js";
import type { RunReport } from "./run-report.js";

/** `850 ms`, `3.50 s`, `2 min 05 s`, `1 h 02 min`; a time that nobody measured is said to be unknown. */
export function formatDuration(durationMs: number | null): string {
  if (durationMs === null) return "unknown";
  if (durationMs < 999.5) return `${Number(durationMs.toPrecision(3))} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 59.995) return `${seconds.toFixed(2)} s`;
  const wholeSeconds = Math.round(seconds);
  const minutes = Math.floor(wholeSeconds / 60);
  const rest = String(wholeSeconds % 60).padStart(2, "0");
  if (minutes < 60) return `${minutes} min ${rest} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** How long a run took; one that has not ended has no duration yet. */
export function formatRunDuration({ run, totals }: Pick<RunReport, "run" | "totals">): string {
  return run.finishedAt === null ? "not finished" : formatDuration(totals.durationMs);
}

/** US dollars; a price that nobody knows is said to be unknown, not free. */
export function formatCost(costUsd: number | null): string {
  return costUsd === null ? "unknown" : formatQuantity(costUsd, "usd");
}

/** What a total cost leaves out or includes, behind it; empty when there is nothing to say. */
export function costNote({ costUsd, costUnknown, cachedCalls, userCostUsd }: RunReport["totals"]): string {
  const users = userCostUsd === 0 ? "" : `, and ${formatCost(userCostUsd)} for the simulated users`;
  if (costUsd === null) return users;
  const trials = costUnknown === 1 ? "1 trial" : `${costUnknown} trials`;
  const unknown = costUnknown === 0 ? "" : `, without ${trials} of unknown cost`;
  return `${unknown}${cachedCalls === 0 ? "" : ", cached replies included"}${users}`;
}

export function formatValue(estimate: Estimate): string {
  return estimate.value === null ? "none" : formatQuantity(estimate.value, estimate.unit);
}

/** `[0.72, 0.91]`; an open side shows as `none`, no interval at all as an empty text. */
export function formatInterval(estimate: Estimate): string {
  if (estimate.lower === null && estimate.upper === null) return "";
  const side = (limit: number | null) => (limit === null ? "none" : formatQuantity(limit, estimate.unit));
  return `[${side(estimate.lower)}, ${side(estimate.upper)}]`;
}

/** Number of trials without a score. */
export function unscoredCount(estimate: Estimate): number {
  return Object.values(estimate.unscored).reduce((sum, count) => sum + count, 0);
}

/** The first 8 digits of a content hash. */
export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}

/** `95 %`. */
export function formatLevel(level: number): string {
  return `${Number((level * 100).toPrecision(6))} %`;
}

/** The command that shows the trace of one trial. */
export function traceCommand(runId: string, caseId: string, trial: number): string {
  const quoted = /^[\w./:@=+-]+$/.test(caseId) ? caseId : `'${caseId.replaceAll("'", "'\\''")}'`;
  const trialFlag = trial === 0 ? "" : ` --trial ${trial}`;
  // An id that begins with a dash would be read as a flag.
  if (caseId.startsWith("-")) return `agentctl trace${trialFlag} -- ${runId} ${quoted}`;
  return `agentctl trace ${runId} ${quoted}${trialFlag}`;
}
