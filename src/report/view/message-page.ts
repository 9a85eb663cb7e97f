import { escapeHtml } from "../escape-html.js";
import { PAGE_STYLE } from "../html/html-style.js";
import type { ViewPage } from "./view-frame.js";
import { linkHtml } from "./view-links.js";

/**
 * A page that says why another one is not shown.
 *
 * @param text - in sentences
 * @param nextStep - what to do, `null` where there is nothing
 */
export function messagePage(title: string, text: string, nextStep: string | null = null): ViewPage {
  const next = nextStep === null ? "" : `<p>Next: ${escapeHtml(nextStep)}</p>`;
  return {
    title: `${title} · agentctl view`,
    style: PAGE_STYLE,
    script: null,
    place: "runs",
    above: [],
    data: [],
    main: [
      `<section class="message"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${next}<p>${linkHtml("/", "All runs")}</p></section>`,
    ],
  };
}
