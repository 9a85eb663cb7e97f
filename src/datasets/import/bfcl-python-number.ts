import { type PythonValue, WholeFloat } from "../../metrics/agent/python-values.js";

const FLOAT =
  /(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*\.(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*[eE][+-]?\d(?:_?\d)*/y;
const PREFIXED = /0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)/y;
const DECIMAL = /0(?:_?0)*(?![_\d])|[1-9](?:_?\d)*/y;

/**
 * The number literal of Python at a place, or `null` when there is none. A float that is whole stays apart from an int;
 * what JSON cannot hold (imaginary numbers, beyond the range of doubles) becomes its text.
 */
export function readPythonNumber(
  source: string,
  at: number,
): { readonly value: PythonValue; readonly end: number } | null {
  for (const [pattern, isFloat] of [
    [FLOAT, true],
    [PREFIXED, false],
    [DECIMAL, false],
  ] as const) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text === undefined) continue;
    const end = at + text.length;
    const isImaginary = /^[jJ]/.test(source.slice(end, end + 1));
    if (isImaginary) return { value: `${text}j`, end: end + 1 };
    return { value: pythonNumber(Number(text.replaceAll("_", "")), isFloat), end };
  }
  return null;
}

/** A number as a value of Python: int, or float. */
export function pythonNumber(value: number, isFloat: boolean): PythonValue {
  if (!Number.isFinite(value)) return String(value);
  return isFloat && Number.isInteger(value) ? new WholeFloat(value) : value;
}
