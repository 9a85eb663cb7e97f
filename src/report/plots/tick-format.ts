import { formatAmount } from "../../comparison/sentences.js";
import type { MetricUnit } from "../../core/score.js";

/** Labels for the ticks of one axis, all in the same unit: milliseconds turn into seconds when the axis is long. */
export function tickFormat(unit: MetricUnit, most: number): (value: number) => string {
  if (unit === "ms" && most >= 1000) return (value) => `${Number((value / 1000).toPrecision(4))} s`;
  if (unit === "proportion") return (value) => `${Number((value * 100).toPrecision(4))} %`;
  if (unit === "usd") return (value) => `$${Number(value.toPrecision(3))}`;
  return (value) => formatAmount(value, unit);
}
