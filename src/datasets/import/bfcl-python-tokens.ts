import type { PythonValue } from "../../metrics/agent/python-values.js";
import { NotPythonError } from "./bfcl-not-python-error.js";
import { readPythonNumber } from "./bfcl-python-number.js";
import { readPythonString } from "./bfcl-python-string.js";

/** One token of Python source. */
export interface PythonToken {
  readonly kind: "name" | "number" | "string" | "bytes" | "format" | "operator" | "end";
  /** As written; of a string its value. */
  readonly text: string;
  /** Value of a number. */
  readonly value: PythonValue;
  readonly start: number;
  readonly end: number;
}

const OPERATORS = /\*\*|\/\/|<<|>>|<=|>=|==|!=|:=|->|\.\.\.|[-+*/%@&|^~<>()[\]{},:.=]/y;
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;
const SPACE = /(?:[ \t\r\n\f]|\\\r?\n|#[^\n]*)+/y;
const STRING_START = /([A-Za-z]{0,2})("""|'''|"|')/y;

/**
 * Cuts Python source into tokens. Line breaks count as space: the text lies within brackets.
 *
 * @throws {NotPythonError} on a character that Python has no use for
 */
export function pythonTokens(source: string): readonly PythonToken[] {
  const tokens: PythonToken[] = [];
  let at = 0;
  const add = (kind: PythonToken["kind"], text: string, end: number, value: PythonValue = null) => {
    tokens.push({ kind, text, value, start: at, end });
    at = end;
  };
  for (;;) {
    at += matchAt(SPACE, source, at)?.[0].length ?? 0;
    if (at >= source.length) break;
    const quote = matchAt(STRING_START, source, at);
    if (quote !== null) {
      const { kind, text, end } = readPythonString(
        source,
        at + quote[0].length,
        quote[1] ?? "",
        quote[2] ?? "",
      );
      add(kind, text, end);
      continue;
    }
    const number = readPythonNumber(source, at);
    if (number !== null) {
      add("number", source.slice(at, number.end), number.end, number.value);
      continue;
    }
    const name = matchAt(NAME, source, at);
    if (name !== null) {
      add("name", name[0], at + name[0].length);
      continue;
    }
    const operator = matchAt(OPERATORS, source, at);
    if (operator === null) throw new NotPythonError(`unexpected character at offset ${at}`);
    add("operator", operator[0], at + operator[0].length);
  }
  add("end", "", source.length);
  return tokens;
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}
