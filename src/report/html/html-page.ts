import { createHash } from "node:crypto";
import { escapeHtml } from "../escape-html.js";

/** A page without a script that needs nothing else: its policy lets in only the style that stands here, by its hash. */
export function staticPage(title: string, style: string, body: readonly string[]): string {
  return htmlPage({ title, style, script: null, main: body, data: [] });
}

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  readonly style: string;
  readonly script: string | null;
  /** Stands before the main part: what leads to its sections. */
  readonly header?: string;
  readonly main: readonly string[];
  readonly data: readonly string[];
}

/**
 * A page that needs nothing else: no network, no server. Its policy lets in only the style and the script that stand
 * here, by their hashes.
 *
 * @param page.data - elements behind the main part that the script reads
 */
export function htmlPage(page: PageParts): string {
  const { title, style, script } = page;
  const scripts = script === null ? "" : ` script-src '${sourceHash(script)}';`;
  const policy = `default-src 'none'; style-src '${sourceHash(style)}';${scripts} base-uri 'none'; form-action 'none'`;
  return `${[
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    ...(page.header === undefined
      ? ["<main>"]
      : [
          '<a class="skip" href="#main">Skip to the verdict</a>',
          `<header>${page.header}</header>`,
          '<main id="main" tabindex="-1">',
        ]),
    ...page.main,
    "</main>",
    ...page.data,
    ...(script === null ? [] : [`<script>${script}</script>`]),
    "</body>",
    "</html>",
  ].join("\n")}\n`;
}

/** How a content security policy names a script or a style that stands in the page. */
export function sourceHash(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}
