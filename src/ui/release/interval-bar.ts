import type { ScreenInterval } from "./release-screen.js";

/** Harm is at 1: the axis goes as far on both sides. */
const MOST = 2;

/**
 * Limits and estimate on an axis from better (left) to worse (right): `│` no difference, `┃` the threshold, `─` between the
 * limits, `●` the estimate, `◂` and `▸` where they go on beyond the axis.
 *
 * @param width - cells, at least 9
 */
export function intervalBar({ low, mid, high }: ScreenInterval, width: number): string {
  const at = (value: number) => Math.round(((clamp(value) + MOST) / (2 * MOST)) * (width - 1));
  const cells = Array.from({ length: width }, () => " ");
  const from = at(low ?? -MOST);
  const to = at(high ?? MOST);
  const hasLimits = low !== null || high !== null;
  if (hasLimits) cells.fill("─", from, to + 1);
  cells[at(0)] = hasLimits && from <= at(0) && at(0) <= to ? "┼" : "│";
  cells[at(1)] = "┃";
  if (hasLimits && (low === null || low < -MOST)) cells[0] = "◂";
  if (hasLimits && (high === null || high > MOST)) cells[width - 1] = "▸";
  if (mid !== null) cells[at(mid)] = Math.abs(mid) > MOST ? (mid > 0 ? "▸" : "◂") : "●";
  return cells.join("");
}

/** How far something is. */
export function shareBar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)}`;
}

function clamp(value: number): number {
  return Math.max(-MOST, Math.min(MOST, value));
}
