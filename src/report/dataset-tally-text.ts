import type { Tally } from "../datasets/tools/tally.js";
import { oneLine } from "./plain-text.js";

const MOST_SHOWN = 20;

/** Counts in one line: `high 29 (40 %), low 10 (14 %), none 3 (4 %)`. */
export function formatTallies(tallies: readonly Tally[]): string {
  const shown = tallies
    .slice(0, MOST_SHOWN)
    .map(({ value, cases, share }) => `${nameOf(value)} ${cases} (${formatShare(share)})`);
  const hidden = tallies.length - shown.length;
  return hidden > 0 ? `${shown.join(", ")} and ${hidden} more` : shown.join(", ");
}

/** `14 %`; a share that is not 0 and would be rounded to it is `< 1 %`. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return "< 1 %";
  if (share < 1 && share >= 0.995) return "> 99 %";
  return `${Math.round(share * 100)} %`;
}

/** The name of a value on a terminal; `none` for cases that state none. */
export function nameOf(value: string | null): string {
  return value === null ? "none" : oneLine(value, 40);
}
