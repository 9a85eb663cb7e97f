import type { Estimate } from "../../core/score.js";
import { escapeHtml } from "../escape-html.js";
import { formatInterval, formatLevel, formatValue } from "../format.js";

const WIDTH = 180;
const HEIGHT = 22;
const PAD = 6;

/** Limits of a gate on the same metric; shown as ticks. */
export interface Thresholds {
  readonly min: number | null;
  readonly max: number | null;
}

/** An estimate as a picture: its interval a bar, itself a dot, thresholds ticks, over a scale that begins at 0. */
export function intervalBar(estimate: Estimate, thresholds: Thresholds | null): string {
  if (estimate.value === null) return "";
  const ticks = [thresholds?.min ?? null, thresholds?.max ?? null].filter((tick) => tick !== null);
  const numbers = [estimate.value, estimate.lower, estimate.upper, ...ticks].filter((one) => one !== null);
  const least = Math.min(0, ...numbers);
  const most = estimate.unit === "proportion" ? 1 : Math.max(0, ...numbers) * 1.1;
  const range = most - least > 0 ? most - least : 1;
  const x = (value: number) => fixed(PAD + ((value - least) / range) * (WIDTH - 2 * PAD));
  const middle = HEIGHT / 2;
  const { lower, upper } = estimate;
  const bar =
    lower === null || upper === null
      ? ""
      : `<rect class="range" x="${x(lower)}" y="${middle - 4}" width="${fixed(Math.max(1, Number(x(upper)) - Number(x(lower))))}" height="8" rx="3"/>`;
  const marks = ticks
    .map((tick) => `<line class="tick" x1="${x(tick)}" x2="${x(tick)}" y1="2" y2="${HEIGHT - 2}"/>`)
    .join("");
  const label = `${formatValue(estimate)}, ${formatLevel(estimate.level)} interval ${formatInterval(estimate) || "none"}${ticks.length > 0 ? `, threshold ${ticks.join(" and ")}` : ""}`;
  return `<svg class="bar" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}"><line class="axis" x1="${PAD}" x2="${WIDTH - PAD}" y1="${middle}" y2="${middle}"/>${bar}${marks}<circle class="dot" cx="${x(estimate.value)}" cy="${middle}" r="4"/></svg>`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(2)));
}
