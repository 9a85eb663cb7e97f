const ABBREVIATIONS = new Set(
  "e.g i.e etc vs cf approx mr mrs ms dr prof dept inc ltd corp tel incl excl u.s u.k a.m p.m".split(" "),
);
/** Abbreviations that are also words or ends of sentences: only before a number. */
const NUMBER_ABBREVIATIONS = new Set("no nos sec ch fig ext max min art p pp".split(" "));
const LIST_MARKER = /^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/;
const HEADING = /^\s*#{1,6}\s/;
const RULE = /^\s*(?:[-*_=]\s*){3,}$/;
const TABLE_RULE = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-*:?\s*)*$/;
const BOUNDARY = /(?<![.!?])([.!?]+["'”’)\]]*)\s+(?=\S)/g;

/**
 * Plain text of Markdown: comments, emphasis, code marks and link targets go, the words stay; white space
 * is one space.
 */
export function plainText(markdown: string): string {
  return stripInline(markdown).replace(/\s+/g, " ").trim();
}

function stripInline(markdown: string): string {
  return markdown
    .replace(/<!--[\s\S]*?(?:-->|$)/g, " ")
    .replace(/!?\[([^\][]*)\]\([^()\s]*\)/g, "$1")
    .replace(/\*\*|__|`+/g, "")
    .replace(/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\p{L}\p{N}*])/gu, "$1");
}

/** A paragraph or list as sentences, with the heading above it in the same passage (empty without one). */
export interface SentenceBlock {
  readonly heading: string;
  readonly sentences: readonly string[];
}

/**
 * Sentences of a Markdown passage in reading order, as plain text, grouped by paragraph: a list item, a
 * table row and a paragraph each end a sentence; headings, rules and comments are left out. Every sentence
 * occurs in `plainText` of the same passage unless a list or quote mark stood inside it.
 */
export function sentenceBlocks(markdown: string): SentenceBlock[] {
  const blocks: SentenceBlock[] = [];
  let heading = "";
  for (const paragraph of stripInline(markdown).split(/\n[ \t]*\n/)) {
    for (const line of paragraph.split("\n"))
      if (HEADING.test(line)) heading = line.replace(HEADING, "").trim();
    const sentences = units(paragraph).flatMap(splitProse);
    if (sentences.length > 0) blocks.push({ heading, sentences });
  }
  return blocks;
}

/** Text between borders that a sentence never crosses: paragraphs, list items, table rows. */
function units(text: string): string[] {
  const found: string[] = [];
  let open = "";
  const close = () => {
    const unit = open.replace(/\s+/g, " ").trim();
    if (unit !== "") found.push(unit);
    open = "";
  };
  for (const rawLine of text.split("\n")) {
    const line = rawLine.replace(/^\s*(?:>\s?)+/, "");
    if (line.trim() === "" || HEADING.test(line) || RULE.test(line) || TABLE_RULE.test(line)) {
      close();
    } else if (line.trimStart().startsWith("|")) {
      close();
      found.push(
        line
          .replace(/^\s*\|\s*|\s*\|\s*$/g, "")
          .replace(/\s+/g, " ")
          .trim(),
      );
    } else if (LIST_MARKER.test(line)) {
      close();
      open = line.replace(LIST_MARKER, "");
    } else {
      open += `${open === "" ? "" : " "}${line}`;
    }
  }
  close();
  return found.filter((unit) => unit !== "");
}

/** Splits running text at full stops that end a sentence: not after an abbreviation, not before lower case. */
export function splitProse(text: string): string[] {
  const found: string[] = [];
  let start = 0;
  for (const match of text.matchAll(BOUNDARY)) {
    const end = match.index + (match[1]?.length ?? 0);
    const next = text.slice(match.index + match[0].length, match.index + match[0].length + 1);
    if (/\p{Ll}/u.test(next)) continue;
    if (match[1] === "." && endsInAbbreviation(text.slice(start, match.index), /\d/.test(next))) continue;
    found.push(text.slice(start, end).trim());
    start = end;
  }
  found.push(text.slice(start).trim());
  return found.filter((sentence) => sentence !== "");
}

function endsInAbbreviation(text: string, beforeNumber: boolean): boolean {
  const last = text
    .slice(Math.max(text.lastIndexOf(" ") + 1, text.length - 20))
    .toLowerCase()
    .replace(/^["'“‘([]+/, "");
  return ABBREVIATIONS.has(last) || (beforeNumber && NUMBER_ABBREVIATIONS.has(last)) || /^\p{L}$/u.test(last);
}
