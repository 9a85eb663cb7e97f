import type { DocumentStatus, KnowledgeDocument } from "./documents.js";
import {
  commonHeadings,
  countWords,
  cutWords,
  groupSections,
  joinSections,
  type Section,
} from "./sections.js";

/** A part of a document that is retrieved as a whole. */
export interface Chunk {
  readonly documentId: string;
  /** `<document id>#<n>`, n from 1 in reading order. */
  readonly chunkId: string;
  readonly title: string;
  /** Headings above the text, outermost first; a heading that repeats the title is left out. */
  readonly headings: readonly string[];
  /** Markdown as in the document, without the headings. */
  readonly text: string;
  readonly updated: string;
  readonly status: DocumentStatus;
}

const HEADING = /^(#{1,6})[ \t]+(.*?)[ \t]*#*$/;
const LIST_ITEM = /^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]/;

/**
 * Cuts a document at its headings. Neighbouring sections share a chunk as long as they fit; their headings
 * then stand in the text as `## …` lines, and `headings` holds what they have in common. A section of more
 * than `maxWords` words is cut between paragraphs, a paragraph that is longer still between list items or
 * sentences, and a sentence that is longer still between words. No chunk has more than `maxWords` words
 * (white-space separated, headings in the text included), and none is empty.
 *
 * @param maxWords - an integer of at least 1
 * @throws {RangeError} if `maxWords` is not an integer of at least 1
 */
export function chunkDocument(document: KnowledgeDocument, maxWords: number): readonly Chunk[] {
  if (!Number.isInteger(maxWords) || maxWords < 1) {
    throw new RangeError(`expected maxWords to be an integer of at least 1, found ${maxWords}`);
  }
  const groups = groupSections(sections(document.body, document.title), maxWords);
  return numberedChunks(
    document,
    groups.flatMap((group) => chunksOf(group, maxWords)),
  );
}

/** The parts of a document as its chunks, numbered from 1 in their ids. */
export function numberedChunks(
  { id, title, updated, status }: KnowledgeDocument,
  parts: readonly Pick<Chunk, "headings" | "text">[],
): readonly Chunk[] {
  return parts.map(({ headings, text }, index) => ({
    documentId: id,
    chunkId: `${id}#${index + 1}`,
    title,
    headings,
    text,
    updated,
    status,
  }));
}

function chunksOf(
  group: readonly Section[],
  maxWords: number,
): { headings: readonly string[]; text: string }[] {
  const [first] = group;
  if (first === undefined) return [];
  if (group.length > 1) return [{ headings: commonHeadings(group), text: joinSections(group) }];
  return pack(first.blocks, maxWords).map((text) => ({ headings: first.headings, text }));
}

function sections(body: string, title: string): Section[] {
  const found: Section[] = [];
  let path: { level: number; text: string }[] = [];
  let lines: string[] = [];
  let fenced = false;
  const close = () => {
    const blocks = lines
      .join("\n")
      .split(/\n[ \t]*\n/)
      .map((block) => block.trim())
      .filter((block) => block !== "");
    // The first heading of a page usually repeats its title.
    const headings = path
      .map(({ text }) => text)
      .filter((text) => text !== "" && text.toLowerCase() !== title.toLowerCase());
    if (blocks.length > 0) found.push({ headings, blocks });
    lines = [];
  };
  for (const line of body.split("\n")) {
    if (/^[ \t]*(?:```|~~~)/.test(line)) fenced = !fenced;
    const heading = fenced ? null : HEADING.exec(line);
    if (heading === null) {
      lines.push(line);
      continue;
    }
    close();
    const level = heading[1]?.length ?? 1;
    path = [...path.filter((above) => above.level < level), { level, text: heading[2] ?? "" }];
  }
  close();
  return found;
}

/** Fills chunks with whole blocks as long as they fit. */
function pack(blocks: readonly string[], maxWords: number): string[] {
  const packed: string[] = [];
  let open: string[] = [];
  let words = 0;
  for (const block of blocks.flatMap((text) => split(text, maxWords))) {
    const size = countWords(block);
    if (open.length > 0 && words + size > maxWords) {
      packed.push(open.join("\n\n"));
      open = [];
      words = 0;
    }
    open.push(block);
    words += size;
  }
  if (open.length > 0) packed.push(open.join("\n\n"));
  return packed;
}

/** Cuts a block that is too long for one chunk at the best borders it has. */
function split(block: string, maxWords: number): string[] {
  if (countWords(block) <= maxWords) return [block];
  const lines = block.split("\n");
  const isList = lines.filter((line) => LIST_ITEM.test(line)).length > 1;
  const pieces = isList
    ? block.split(/\n(?=[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t])/)
    : block.split(/(?<=[.!?])\s+/);
  const parts: string[] = [];
  let open = "";
  for (const piece of pieces.flatMap((text) => cutWords(text, maxWords))) {
    const joined = open === "" ? piece : `${open}${isList ? "\n" : " "}${piece}`;
    if (countWords(joined) <= maxWords) open = joined;
    else {
      parts.push(open);
      open = piece;
    }
  }
  return [...parts, open].filter((part) => part !== "");
}
