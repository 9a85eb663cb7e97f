import { formatQuantity } from "../core/quantity.js";
import { oneLine } from "./plain-text.js";

/** Characters of a label or a name of a rater in a line. */
export const LABEL_CHARACTERS = 24;

/** `[0.12, 0.62]`; empty without limits. */
export function limitsOf({
  lower,
  upper,
}: {
  readonly lower: number | null;
  readonly upper: number | null;
}): string {
  return lower === null || upper === null ? "" : `[${formatScore(lower)}, ${formatScore(upper)}]`;
}

/** A statistic such as kappa. */
export function formatScore(value: number | null): string {
  return value === null ? "none" : formatQuantity(value, "score");
}

/** A share in [0, 1] as `95 %`. */
export function formatShare(value: number | null): string {
  return value === null ? "none" : `${formatQuantity(value * 100, "score")} %`;
}

/** A label in quotes on one line; `null` without quotes. */
export function labelText(category: string | null): string {
  return category === null ? "null" : `"${oneLine(category, LABEL_CHARACTERS)}"`;
}
