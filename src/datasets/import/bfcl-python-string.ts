import { NotPythonError } from "./bfcl-not-python-error.js";

const PREFIXES = new Set(["", "r", "u", "b", "br", "rb", "f", "fr", "rf"]);

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * The string literal of Python whose opening quote ends at `from`.
 *
 * @throws {NotPythonError} when it does not end, or has an escape that Python refuses
 */
export function readPythonString(
  source: string,
  from: number,
  prefix: string,
  quote: string,
): { readonly kind: "string" | "bytes" | "format"; readonly text: string; readonly end: number } {
  const letters = prefix.toLowerCase();
  if (!PREFIXES.has(letters)) throw new NotPythonError(`unknown string prefix ${prefix}`);
  const isRaw = letters.includes("r");
  const isBytes = letters.includes("b");
  let text = "";
  let at = from;
  while (!source.startsWith(quote, at)) {
    const char = source[at];
    if (char === undefined || (char === "\n" && quote.length === 1)) {
      throw new NotPythonError("a string does not end");
    }
    if (char !== "\\") {
      text += char;
      at++;
    } else if (isRaw) {
      text += source.slice(at, at + 2);
      at += 2;
    } else {
      const read = readEscape(source, at + 1, isBytes);
      text += read.text;
      at = read.end;
    }
  }
  const kind = letters.includes("f") ? "format" : isBytes ? "bytes" : "string";
  return { kind, text, end: at + quote.length };
}

/** @param at - behind the backslash */
function readEscape(
  source: string,
  at: number,
  isBytes: boolean,
): { readonly text: string; readonly end: number } {
  const char = source[at];
  if (char === undefined) throw new NotPythonError("a string does not end");
  const simple = ESCAPES[char];
  if (simple !== undefined) return { text: simple, end: at + 1 };
  if (char === "\r" && source[at + 1] === "\n") return { text: "", end: at + 2 };
  const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3))?.[0];
  if (octal !== undefined) {
    return { text: String.fromCodePoint(Number.parseInt(octal, 8)), end: at + octal.length };
  }
  const length = isBytes && char !== "x" ? undefined : HEX_LENGTH[char];
  if (length !== undefined) {
    const digits = source.slice(at + 1, at + 1 + length);
    const code = Number.parseInt(digits, 16);
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length !== length || code > 0x10ffff) {
      throw new NotPythonError("an escape is cut short");
    }
    return { text: String.fromCodePoint(code), end: at + 1 + length };
  }
  if (char === "N" && !isBytes) throw new NotPythonError("character names are not known here");
  return { text: `\\${char}`, end: at + 1 };
}
