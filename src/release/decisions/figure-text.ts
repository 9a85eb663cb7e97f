import type { RuleDecision } from "./step-decision.js";

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
      return `${Math.round(value).toLocaleString("en-US")} ms`;
    case "usd":
      return `$${digits(value)}`;
    default:
      return digits(value);
  }
}

function digits(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 6 });
}
