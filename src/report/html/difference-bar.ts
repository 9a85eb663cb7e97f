import { escapeHtml } from "../escape-html.js";
import { svgElement, svgLine } from "../plots/svg.js";

const WIDTH = 180;
const HEIGHT = 22;
const PAD = 6;

/** A difference as a gate or a comparison gives it, in one unit. */
export interface DrawnDifference {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Where the gate draws its line, e.g. -0.02 for a loss of 2 points; `null` without one. */
  readonly limit: number | null;
  /** The same in words, for those who do not see it. */
  readonly label: string;
}

/** A difference as a picture: its interval a bar, itself a dot, zero a line, the limit of the gate a tick. */
export function differenceBar({ value, lower, upper, limit, label }: DrawnDifference): string {
  const reach = Math.max(...[value, lower, upper, limit].map((one) => Math.abs(one ?? 0))) * 1.15 || 1;
  const x = (at: number) => PAD + ((at + reach) / (2 * reach)) * (WIDTH - 2 * PAD);
  const middle = HEIGHT / 2;
  const range =
    lower === null || upper === null
      ? ""
      : svgElement("rect", {
          class: "range",
          x: x(lower),
          y: middle - 4,
          width: Math.max(1, x(upper) - x(lower)),
          height: 8,
          rx: 3,
        });
  return svgElement(
    "svg",
    {
      class: "bar",
      width: WIDTH,
      height: HEIGHT,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": label,
    },
    svgLine(PAD, middle, WIDTH - PAD, middle, "axis"),
    svgLine(x(0), 3, x(0), HEIGHT - 3, "zero"),
    range,
    ...(limit === null ? [] : [svgLine(x(limit), 2, x(limit), HEIGHT - 2, "tick")]),
    svgElement("circle", { class: "dot", cx: x(value), cy: middle, r: 4 }),
  );
}

/** A pill with a word of a verdict in it; the class carries its colour. */
export function pill(word: string, tone = word): string {
  return `<span class="pill ${escapeHtml(tone.replaceAll(" ", "-"))}">${escapeHtml(word)}</span>`;
}
