import { MINUS } from "../../comparison/sentences.js";
import { formatAgainst, formatQuantity, formatThreshold } from "../../core/quantity.js";
import type { MetricUnit } from "../../core/score.js";

/** How much a rule allows, or asks for. */
export interface Margin {
  /** In the unit of the metric, or a share of the baseline; at least 0. */
  readonly amount: number;
  readonly isRelative: boolean;
}

/** @param margin - as in the file: a number, or a share such as `10%` */
export function parseMargin(margin: number | string): Margin {
  if (typeof margin === "number") return { amount: margin, isRelative: false };
  // 10 / 100 is the 0.1 that a reader writes, where 10 * 0.01 need not be.
  return { amount: Number.parseFloat(margin) / 100, isRelative: true };
}

/** In what a difference is counted. */
export interface DifferenceScale {
  readonly unit: MetricUnit;
  readonly isRelative: boolean;
}

/** `2 points`, `10 %`, `200 ms`. */
export function formatMargin(amount: number, scale: DifferenceScale): string {
  if (!isHundredfold(scale)) return formatThreshold(amount, scale.unit);
  const hundreds = Number((amount * 100).toPrecision(12));
  return scale.isRelative ? `${hundreds} %` : `${hundreds} ${hundreds === 1 ? "point" : "points"}`;
}

/** A difference with its sign, with as many digits as it takes to differ from a margin: `−2.04 points`, `+9.8 %`. */
export function formatDifference(value: number, scale: DifferenceScale, margin = Number.NaN): string {
  const sign = value === 0 ? "" : value < 0 ? MINUS : "+";
  const size = Math.abs(value);
  if (!isHundredfold(scale)) {
    return `${sign}${Number.isNaN(margin) ? formatQuantity(size, scale.unit) : formatAgainst(size, margin, scale.unit)}`;
  }
  const other = Number((margin * 100).toPrecision(12));
  let text = (size * 100).toFixed(1);
  for (let digits = 2; digits <= 8 && Number(text) === other && size !== margin; digits += 1) {
    text = (size * 100).toFixed(digits);
  }
  return `${sign}${text}${scale.isRelative ? " %" : " points"}`;
}

function isHundredfold({ unit, isRelative }: DifferenceScale): boolean {
  return isRelative || unit === "proportion";
}
