import { escapeHtml } from "../escape-html.js";

export type SvgAttributes = Readonly<Record<string, string | number>>;

/** One SVG element; numbers are written to 2 decimals, texts are escaped. Children are markup. */
export function svgElement(name: string, attributes: SvgAttributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(
    ([key, value]) =>
      ` ${key}="${typeof value === "number" ? String(Number(value.toFixed(2))) : escapeHtml(value)}"`,
  );
  const start = `<${name}${written.join("")}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join("")}</${name}>`;
}

/** A text at a place. */
export function svgText(x: number, y: number, content: string, attributes: SvgAttributes = {}): string {
  return svgElement("text", { x, y, ...attributes }, escapeHtml(content));
}

/** A line between two places. */
export function svgLine(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return svgElement("line", { x1, y1, x2, y2, class: className });
}

/** A whole picture that scales with the page, with its words for those who do not see it. */
export function svgPicture(
  { width, height, title, description }: PictureFacts,
  ...children: readonly string[]
): string {
  return svgElement(
    "svg",
    { class: "plot", viewBox: `0 0 ${Math.round(width)} ${Math.round(height)}`, role: "img" },
    svgElement("title", {}, escapeHtml(title)),
    svgElement("desc", {}, escapeHtml(description)),
    ...children,
  );
}

export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What the picture shows, in words. */
  readonly description: string;
}

/** Shapes of the dots of the baseline and the candidates: they tell them apart without colour. */
export function svgMark(index: number, x: number, y: number, size: number): string {
  const className = `mark run-${index % 5}`;
  const points = (...pairs: readonly (readonly [number, number])[]) =>
    svgElement("polygon", {
      class: className,
      points: pairs
        .map(([dx, dy]) => `${(x + dx * size).toFixed(2)},${(y + dy * size).toFixed(2)}`)
        .join(" "),
    });
  switch (index % 5) {
    case 0:
      return svgElement("circle", { class: className, cx: x, cy: y, r: size });
    case 1:
      return points([-1, -1], [1, -1], [1, 1], [-1, 1]);
    case 2:
      return points([0, -1.3], [1.2, 0.9], [-1.2, 0.9]);
    case 3:
      return points([0, -1.4], [1.4, 0], [0, 1.4], [-1.4, 0]);
    default:
      return points([0, 1.3], [1.2, -0.9], [-1.2, -0.9]);
  }
}
