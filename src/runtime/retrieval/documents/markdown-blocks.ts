import type { Section } from "./sections.js";

export type BlockKind = "paragraph" | "list" | "table" | "code";

/** A section whose blocks are known by kind. */
export interface TypedSection extends Section {
  /** One for each of `blocks`. */
  readonly kinds: readonly BlockKind[];
}

const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*[ \t]*$/;
const FENCE = /^[ \t]*(`{3,}|~{3,})/;
const LIST_ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/;
const TABLE_RULE = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/**
 * Splits Markdown into sections at its headings, and these into paragraphs, lists, tables and code fences. A blank line
 * within a fence, and one between the items of a list, does not end the block.
 *
 * @param title - a heading that repeats it is left out of the heading paths
 */
export function markdownSections(body: string, title: string): TypedSection[] {
  const found: TypedSection[] = [];
  let path: { level: number; text: string }[] = [];
  let lines: string[] = [];
  let fence: string | null = null;
  const close = () => {
    const typed = blocksOf(lines);
    const headings = path
      .map(({ text }) => text)
      .filter((text) => text !== "" && text.toLowerCase() !== title.toLowerCase());
    if (typed.length > 0) {
      found.push({ headings, blocks: typed.map(({ text }) => text), kinds: typed.map(({ kind }) => kind) });
    }
    lines = [];
  };
  for (const line of body.split("\n")) {
    fence = fenceAfter(line, fence);
    const heading = fence === null ? HEADING.exec(line) : null;
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

/** The fence that is open after a line: a fence ends with the same mark, at least as long, and nothing else. */
function fenceAfter(line: string, open: string | null): string | null {
  const mark = FENCE.exec(line)?.[1];
  if (mark === undefined) return open;
  if (open === null) return mark;
  const closes = mark[0] === open[0] && mark.length >= open.length && line.trim() === mark;
  return closes ? null : open;
}

function blocksOf(lines: readonly string[]): { kind: BlockKind; text: string }[] {
  const found: { kind: BlockKind; text: string }[] = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at]?.trim() === "") {
      at += 1;
      continue;
    }
    const kind = kindAt(lines, at);
    const end = endOf(kind, lines, at);
    const text = lines.slice(at, end).join("\n").trim();
    found.push({ kind, text });
    at = end;
  }
  return found;
}

function kindAt(lines: readonly string[], at: number): BlockKind {
  const line = lines[at] ?? "";
  if (FENCE.test(line)) return "code";
  if (LIST_ITEM.test(line)) return "list";
  const next = lines[at + 1] ?? "";
  return line.includes("|") && next.includes("-") && next.includes("|") && TABLE_RULE.test(next)
    ? "table"
    : "paragraph";
}

function endOf(kind: BlockKind, lines: readonly string[], start: number): number {
  if (kind === "code") {
    let fence = fenceAfter(lines[start] ?? "", null);
    let end = start + 1;
    while (end < lines.length && fence !== null) {
      fence = fenceAfter(lines[end] ?? "", fence);
      end += 1;
    }
    return end;
  }
  let end = start + 1;
  while (end < lines.length && continues(kind, lines, end)) end += 1;
  return end;
}

function continues(kind: BlockKind, lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? "";
  const isBlank = line.trim() === "";
  if (kind === "list") {
    if (!isBlank)
      return (
        (LIST_ITEM.test(line) || /^[ \t]/.test(line) || lines[at - 1]?.trim() !== "") && !FENCE.test(line)
      );
    const next = lines[at + 1] ?? "";
    return LIST_ITEM.test(next) || /^[ \t]+\S/.test(next);
  }
  if (isBlank) return false;
  if (kind === "table") return line.includes("|");
  return kindAt(lines, at) === "paragraph";
}
