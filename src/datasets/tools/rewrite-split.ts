import type { GoldenCase } from "../../core/golden-case.js";

const STRING = /"(?:[^"\\]|\\.)*"/y;

/**
 * Sets the key `split` of one line of a golden set and leaves every other character as it is. A missing key is
 * added at the end of the object, with the spacing that the line has.
 *
 * @param line - one JSON object, as it was read from a file and accepted
 */
export function rewriteSplit(line: string, split: GoldenCase["split"]): string {
  const { value, end } = locate(line);
  if (value !== null) return `${line.slice(0, value.start)}"${split}"${line.slice(value.end)}`;
  const colon = /"\s*: /.test(line) ? ": " : ":";
  const comma = /,\s/.test(line) || (!line.includes(",") && colon === ": ") ? ", " : ",";
  const last = line.slice(0, end).trimEnd().length;
  return `${line.slice(0, last)}${comma}"split"${colon}"${split}"${line.slice(last)}`;
}

interface Located {
  /** Where the value of the outermost `split` stands, or `null` without one. */
  readonly value: { readonly start: number; readonly end: number } | null;
  /** Offset of the last brace. */
  readonly end: number;
}

function locate(line: string): Located {
  let depth = 0;
  let isKey = false;
  let value: Located["value"] = null;
  let end = line.length;
  for (let offset = 0; offset < line.length; offset++) {
    const char = line[offset];
    if (char === "{" || char === "[") {
      depth++;
      isKey = depth === 1;
    } else if (char === "}" || char === "]") {
      depth--;
      if (depth === 0) end = offset;
    } else if (char === "," && depth === 1) {
      isKey = true;
    } else if (char === '"') {
      const text = stringAt(line, offset);
      if (depth === 1 && isKey && JSON.parse(text) === "split") {
        value = valueAfter(line, offset + text.length);
        offset = value.end - 1;
      } else {
        offset += text.length - 1;
      }
      isKey = false;
    }
  }
  return { value, end };
}

/** The word or null behind the colon; a split is never a number, list or object. */
function valueAfter(line: string, keyEnd: number): { readonly start: number; readonly end: number } {
  let start = line.indexOf(":", keyEnd) + 1;
  while (/\s/.test(line[start] ?? "")) start++;
  const length = line[start] === '"' ? stringAt(line, start).length : "null".length;
  return { start, end: start + length };
}

function stringAt(line: string, offset: number): string {
  STRING.lastIndex = offset;
  const [text] = STRING.exec(line) ?? [""];
  if (text === "") throw new SyntaxError(`expected a string at column ${offset + 1}`);
  return text;
}
