/** How text goes to a terminal. */
export interface TextStyle {
  readonly useColor: boolean;
  /** Width in characters; at least 40 are used. */
  readonly columns: number;
}

export type Color = "red" | "green" | "yellow" | "cyan" | "dim" | "bold";

const CODES: { readonly [Name in Color]: readonly [on: number, off: number] } = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export type Paint = (text: string, ...colors: Color[]) => string;

/** Wraps text in ANSI codes, or leaves it alone. */
export function painter(style: TextStyle): Paint {
  if (!style.useColor) return (text) => text;
  return (text, ...colors) =>
    colors.reduce((painted, color) => `\u001b[${CODES[color][0]}m${painted}\u001b[${CODES[color][1]}m`, text);
}

/** The width to lay out for. */
export function widthOf(style: TextStyle): number {
  return Math.max(40, Math.floor(style.columns));
}

/** Breaks a text at spaces into lines of at most `width` characters; a longer word stands on a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}
