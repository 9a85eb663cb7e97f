const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Characters that take two cells of a terminal. Too many rather than too few: a line must never be cut. */
const WIDE =
  /\p{Extended_Pictographic}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tangut}\p{RI}\u3000-\u33ff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const ASCII = /^[\x20-\x7e]*$/;

/** Cells that a text takes on a terminal. */
export function cellsOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of graphemes.segment(text)) cells += cellsOfGrapheme(segment);
  return cells;
}

function cellsOfGrapheme(grapheme: string): number {
  if (/^\p{M}+$/u.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/**
 * Breaks a text into lines of at most `width` cells: at spaces where possible, within longer words elsewhere. Line breaks
 * and indentation stay.
 *
 * @param width - at least 2
 */
export function wrapCells(text: string, width: number): readonly string[] {
  return text
    .replaceAll("\t", "  ")
    .split("\n")
    .flatMap((line) => wrapLine(line.trimEnd(), width));
}

function wrapLine(line: string, width: number): readonly string[] {
  if (cellsOf(line) <= width) return [line];
  const lines: string[] = [];
  let now = "";
  let cells = 0;
  for (const part of line.match(/\s+|\S+/g) ?? []) {
    const wanted = cellsOf(part);
    if (cells + wanted <= width) {
      now += part;
      cells += wanted;
      continue;
    }
    if (/^\s/.test(part)) continue;
    if (now.trim() !== "") {
      lines.push(now.trimEnd());
      now = "";
      cells = 0;
    }
    const pieces = wanted <= width ? [part] : pieced(part, width);
    lines.push(...pieces.slice(0, -1));
    now = pieces.at(-1) ?? "";
    cells = cellsOf(now);
  }
  return now === "" ? lines : [...lines, now.trimEnd()];
}

function pieced(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let now = "";
  let cells = 0;
  for (const { segment } of graphemes.segment(word)) {
    const wanted = cellsOfGrapheme(segment);
    if (cells + wanted > width) {
      pieces.push(now);
      now = "";
      cells = 0;
    }
    now += segment;
    cells += wanted;
  }
  return [...pieces, now];
}

/** The beginning of a text, in at most `width` cells; an ellipsis where something is missing. */
export function clipCells(text: string, width: number): string {
  return cellsOf(text) <= width ? text : `${pieced(text, Math.max(1, width - 1))[0]}…`;
}
