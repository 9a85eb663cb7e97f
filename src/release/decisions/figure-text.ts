import type { RuleDecision } from "./step-decision.js";

// Made once: a new format for each number takes longer than the whole decision.
const NUMBERS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

/** A figure for people, such as `79.3 %` or `1,204 ms`; a difference of rates in points. */
export function figureText(
  value: number | null,
  unit: RuleDecision["unit"],
  as: "value" | "difference" = "value",
): string {
  if (value === null) return "unknown";
  switch (unit) {
    case "proportion":
      return `${digits(100 * value)} ${as === "difference" ? "points" : "%"}`;
    case "ms":
      return `${NUMBERS.format(Math.round(value))} ms`;
    case "usd":
      return `$${digits(value)}`;
    default:
      return digits(value);
  }
}

function digits(value: number): string {
  return NUMBERS.format(Number(value.toPrecision(3)));
}

/** A count for people, such as `1,204`. */
export function countText(count: number): string {
  return NUMBERS.format(count);
}
