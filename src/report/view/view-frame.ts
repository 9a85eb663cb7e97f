import { escapeHtml } from "../escape-html.js";
import { type PageParts, sourceHash } from "../html/html-page.js";
import { linkHtml } from "./view-links.js";
import { VIEW_STYLE } from "./view-style.js";

/** A page of the history in the browser. */
export interface ViewPage extends PageParts {
  /** Which link of the frame leads here, or to what lies above. */
  readonly place: "runs" | "trends";
  /** Pages above this one. */
  readonly above: readonly { readonly path: string; readonly text: string }[];
}

/** A page as it is sent. */
export interface FramedPage {
  readonly html: string;
  /** Content security policy: its own style and script by their hashes, and requests to its own server. */
  readonly policy: string;
}

/** Puts a page into the frame that all have: links to the runs and trends, and to the pages above. */
export function framed(page: ViewPage): FramedPage {
  const style = `${page.style}${VIEW_STYLE}`;
  const { script } = page;
  const link = (place: ViewPage["place"], path: string, text: string) =>
    `<a href="${path}"${page.place === place ? ' aria-current="true"' : ""}>${text}</a>`;
  const above =
    page.above.length === 0
      ? ""
      : `<nav class="above" aria-label="Pages above"><ol>${page.above.map(({ path, text }) => `<li>${linkHtml(path, text)}</li>`).join("")}</ol></nav>`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escapeHtml(page.title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<div class="view-top"><nav aria-label="History"><b>agentctl view</b>${link("runs", "/", "Runs")}${link("trends", "/trends", "Trends")}</nav></div>
${above}
${page.header === undefined ? "" : `<header>${page.header}</header>`}
<main id="main" tabindex="-1">
${page.main.join("\n")}
</main>
${page.data.join("\n")}
${script === null ? "" : `<script>${script}</script>`}
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `style-src '${sourceHash(style)}'`,
    ...(script === null ? [] : [`script-src '${sourceHash(script)}'`]),
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  return { html, policy };
}
