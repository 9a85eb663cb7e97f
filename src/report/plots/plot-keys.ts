import { escapeHtml } from "../escape-html.js";
import { svgElement, svgMark } from "./svg.js";

/** What line and shape stand for which run; shapes tell runs apart without colour. */
export function plotKeys(labels: readonly string[]): string {
  const items = labels.map((label, index) => {
    const picture = svgElement(
      "svg",
      { viewBox: "0 0 42 14", "aria-hidden": "true" },
      svgElement("path", { class: `curve run-${index % 5}`, d: "M0,7H42" }),
      svgMark(index, 21, 7, 4.5),
    );
    return `<li>${picture}<span>${escapeHtml(label)}</span></li>`;
  });
  return `<ul class="keys">${items.join("")}</ul>`;
}

/** A titled place for a plot. */
export function figure(title: string, hint: string, content: string): string {
  return `<div class="figure"><h3>${escapeHtml(title)}</h3><p>${escapeHtml(hint)}</p>${content}</div>`;
}
