/** One line that is being written. */
export interface EditedLine {
  readonly text: string;
  /** Characters before the cursor. */
  readonly cursor: number;
}

/** Keys that an editor tells apart, as ink names them. */
export interface EditorKey {
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
}

const MOST_CHARACTERS = 2000;

/** The line after a key; pasted text arrives as one input. Line breaks become spaces. */
export function editLine(line: EditedLine, input: string, key: EditorKey): EditedLine {
  const before = Array.from(line.text).slice(0, line.cursor);
  const after = Array.from(line.text).slice(line.cursor);
  const ctrl = (letter: string) => key.ctrl && input === letter;
  if (key.leftArrow) return { ...line, cursor: Math.max(0, line.cursor - 1) };
  if (key.rightArrow) return { ...line, cursor: Math.min(before.length + after.length, line.cursor + 1) };
  if (key.home || ctrl("a")) return { ...line, cursor: 0 };
  if (key.end || ctrl("e")) return { ...line, cursor: before.length + after.length };
  // Terminals send for the backspace key what ink takes for delete.
  if (key.backspace || key.delete) return joined(before.slice(0, -1), after);
  if (ctrl("u")) return joined([], after);
  if (ctrl("w")) return joined(Array.from(before.join("").replace(/\S+\s*$/, "")), after);
  if (key.ctrl || key.meta) return line;
  const typed = Array.from(input.replace(/\s/g, " ").replace(/\p{Cc}/gu, ""));
  return joined([...before, ...typed.slice(0, MOST_CHARACTERS - before.length - after.length)], after);
}

function joined(before: readonly string[], after: readonly string[]): EditedLine {
  return { text: [...before, ...after].join(""), cursor: before.length };
}
