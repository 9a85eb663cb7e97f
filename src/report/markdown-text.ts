import { plainText } from "./plain-text.js";

/** Underscores inside a word and lone colons mean nothing in Markdown. */
const MARKUP = /[&<>"'\\`*{}[\]()#+!|~@]|(?<!\w)_|_(?!\w)|:(?=\w+:)/g;

/**
 * Text in a table cell or a line: no markup of it is read and the row is not broken. A mention survives entities:
 * text of users and agents therefore also stands in `markdownCode`, where nobody is notified.
 */
export function markdownCell(text: string): string {
  return plainText(text)
    .replace(/\s+/g, " ")
    .replace(MARKUP, (mark) => `&#${mark.charCodeAt(0)};`)
    .trim();
}

export function markdownCode(text: string): string {
  return `<code>${markdownCell(text)}</code>`;
}
