/** A table of Markdown; columns without any text are left out. */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const kept = headings.flatMap((_, index) => (rows.some((row) => row[index] !== "") ? [index] : []));
  const line = (cells: readonly string[]) => `| ${kept.map((index) => cells[index] ?? "").join(" | ")} |`;
  return [line(headings), `|${"---|".repeat(kept.length)}`, ...rows.map(line)];
}

/** Text that stands in a cell: no line breaks, no bars, no tags. */
export function cellText(text: string): string {
  const parts = text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").split("`");
  return parts.map((part, index) => (index % 2 === 0 ? escapeTags(part) : part)).join("`");
}

/** Text of a paragraph, in which `<name>` would be taken for a tag. */
export function escapeTags(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll(/(?<![\w*])\*(?=\s|$)/g, "\\*");
}

/** The anchor that GitHub gives a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
