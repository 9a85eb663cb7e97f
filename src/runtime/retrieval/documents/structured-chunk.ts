import { type Chunk, numberedChunks } from "./chunk.js";
import type { KnowledgeDocument } from "./documents.js";
import { type BlockKind, markdownSections, type TypedSection } from "./markdown-blocks.js";
import { commonHeadings, countWords, cutWords, groupSections, joinSections } from "./sections.js";

export interface ChunkOptions {
  /** Largest size of a chunk in words, an integer of at least 1. */
  readonly maxWords: number;
  /** Words of a chunk that the next one of the same section repeats, 0 to half of `maxWords`. */
  readonly overlapWords: number;
}

interface Piece {
  readonly kind: BlockKind;
  readonly text: string;
}

/**
 * Cuts a document by its structure. Neighbouring sections share a chunk as long as they fit, as in
 * `chunkDocument`; a longer section is cut between blocks, and a block that is longer still where its kind allows:
 * a table between rows, with its head on every part; code between lines, each part in a fence; a list between
 * items; a paragraph between sentences. Only what is longer even so is cut between words.
 *
 * With `overlapWords`, a chunk begins with the last sentences or items of the one before it in the same section, as far
 * as they fit. Tables and code are not repeated. No chunk has more than `maxWords` words, and none is empty.
 *
 * @throws {RangeError} if an option is outside its range
 */
export function chunkByStructure(document: KnowledgeDocument, options: ChunkOptions): readonly Chunk[] {
  const { maxWords, overlapWords } = options;
  if (!Number.isInteger(maxWords) || maxWords < 1) {
    throw new RangeError(`expected maxWords to be an integer of at least 1, found ${maxWords}`);
  }
  if (!Number.isInteger(overlapWords) || overlapWords < 0 || overlapWords > maxWords / 2) {
    throw new RangeError(`expected overlapWords from 0 to half of maxWords, found ${overlapWords}`);
  }
  const groups = groupSections(markdownSections(document.body, document.title), maxWords);
  return numberedChunks(
    document,
    groups.flatMap((group) => chunksOf(group, options)),
  );
}

function chunksOf(
  group: readonly TypedSection[],
  options: ChunkOptions,
): { headings: readonly string[]; text: string }[] {
  const [first] = group;
  if (first === undefined) return [];
  if (group.length > 1) return [{ headings: commonHeadings(group), text: joinSections(group) }];
  const pieces = first.blocks.flatMap((text, index) =>
    split({ kind: first.kinds[index] ?? "paragraph", text }, options.maxWords),
  );
  return pack(pieces, options).map((text) => ({ headings: first.headings, text }));
}

function pack(pieces: readonly Piece[], { maxWords, overlapWords }: ChunkOptions): string[] {
  const packed: string[] = [];
  let open: Piece[] = [];
  let words = 0;
  const close = () => {
    if (open.length > 0) packed.push(open.map(({ text }) => text).join("\n\n"));
  };
  for (const piece of pieces) {
    const size = countWords(piece.text);
    if (open.length > 0 && words + size > maxWords) {
      close();
      const repeated = tailOf(open.at(-1), Math.min(overlapWords, maxWords - size));
      open = repeated === null ? [] : [repeated];
      words = repeated === null ? 0 : countWords(repeated.text);
    }
    open.push(piece);
    words += size;
  }
  close();
  return packed;
}

/** The last sentences or items of a piece, at most so many words; `null` when not even one fits. */
function tailOf(piece: Piece | undefined, mostWords: number): Piece | null {
  if (piece === undefined || piece.kind === "table" || piece.kind === "code" || mostWords < 1) return null;
  const separator = piece.kind === "list" ? "\n" : " ";
  const parts = partsOf(piece);
  let tail = "";
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const longer = tail === "" ? (parts[at] ?? "") : `${parts[at]}${separator}${tail}`;
    if (countWords(longer) > mostWords) break;
    tail = longer;
  }
  return tail === "" ? null : { kind: piece.kind, text: tail };
}

function partsOf({ kind, text }: Piece): string[] {
  if (kind === "list") return text.split(/\n(?=[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t])/);
  return text.split(/(?<=[.!?])\s+/);
}

function split(piece: Piece, maxWords: number): Piece[] {
  if (countWords(piece.text) <= maxWords) return [piece];
  const lines = piece.text.split("\n");
  if (piece.kind === "table") return framed(piece, lines.slice(0, 2), lines.slice(2), [], maxWords);
  if (piece.kind === "code") {
    const isClosed = lines.length > 1 && /^[ \t]*(`{3,}|~{3,})[ \t]*$/.test(lines.at(-1) ?? "");
    const mark = /^[ \t]*(`{3,}|~{3,})/.exec(lines[0] ?? "")?.[1] ?? "```";
    return framed(piece, lines.slice(0, 1), lines.slice(1, isClosed ? -1 : undefined), [mark], maxWords);
  }
  return fill(partsOf(piece), piece.kind === "list" ? "\n" : " ", maxWords).map((text) => ({
    kind: piece.kind,
    text,
  }));
}

/** Parts of a table or of code, each between the same first and last lines where these leave room for content. */
function framed(
  piece: Piece,
  before: readonly string[],
  lines: readonly string[],
  after: readonly string[],
  maxWords: number,
): Piece[] {
  const frameWords = countWords([...before, ...after].join("\n"));
  const room = maxWords - frameWords;
  if (room < Math.max(1, maxWords / 4)) {
    return fill(piece.text.split("\n"), "\n", maxWords).map((text) => ({ kind: piece.kind, text }));
  }
  return fill(lines, "\n", room).map((text) => ({
    kind: piece.kind,
    text: [...before, text, ...after].join("\n"),
  }));
}

/** Joins neighbouring parts as long as they fit. */
function fill(parts: readonly string[], separator: string, maxWords: number): string[] {
  const filled: string[] = [];
  let open = "";
  for (const part of parts.flatMap((text) => cutWords(text, maxWords))) {
    const joined = open === "" ? part : `${open}${separator}${part}`;
    if (countWords(joined) <= maxWords) open = joined;
    else {
      filled.push(open);
      open = part;
    }
  }
  return [...filled, open]
    .map((text) => text.replace(/^(?:[ \t]*\n)+/, "").trimEnd())
    .filter((text) => text !== "");
}
