import type { MetricUnit } from "./score.js";

const MAX_DIGITS = 15;

/** Digits that a reader can use: 4 significant ones, whole numbers in full, never an exponent below 1e15. */
function formatNumber(value: number, significantDigits: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const wholeDigits = Math.max(1, Math.floor(Math.log10(Math.abs(value))) + 1);
  if (wholeDigits >= significantDigits) return String(Math.round(value));
  return String(Number(value.toPrecision(significantDigits)));
}

function withUnit(text: string, unit: MetricUnit): string {
  if (unit === "ms") return `${text} ms`;
  if (unit === "usd") return text.startsWith("-") ? `-$${text.slice(1)}` : `$${text}`;
  return text;
}

/** A measured value with its unit, to 4 significant digits: `0.8734`, `3501 ms`, `$0.01235`. */
export function formatQuantity(value: number, unit: MetricUnit): string {
  return withUnit(formatNumber(value, 4), unit);
}

/** A value as it was written in a file: in full. */
export function formatThreshold(value: number, unit: MetricUnit): string {
  return withUnit(String(value), unit);
}

/** Like `formatQuantity`, with as many digits more as it takes to read differently from `other`. */
export function formatAgainst(value: number, other: number, unit: MetricUnit): string {
  for (let digits = 4; digits <= MAX_DIGITS; digits += 1) {
    const text = formatNumber(value, digits);
    if (value === other || Number(text) !== other) return withUnit(text, unit);
  }
  return withUnit(String(value), unit);
}
