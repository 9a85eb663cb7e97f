import { type PythonValue, WholeFloat } from "../../metrics/agent/python-values.js";

/** A string, which is skipped, or a number with a fraction or an exponent. */
const STRING_OR_FLOAT = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)/g;
const FLOAT_KEY = "\u0000float";

/**
 * Parses JSON as Python does: 5.0 is a float and stays apart from 5.
 *
 * @throws {SyntaxError} when the text is no JSON
 */
export function parsePythonJson(text: string): PythonValue {
  JSON.parse(text);
  const marked = text.replace(STRING_OR_FLOAT, (token) =>
    token.startsWith('"') || !Number.isInteger(Number(token))
      ? token
      : `{${JSON.stringify(FLOAT_KEY)}:${token}}`,
  );
  return JSON.parse(marked, (_key, value) =>
    typeof value === "object" && value !== null && FLOAT_KEY in value
      ? new WholeFloat(value[FLOAT_KEY])
      : value,
  ) as PythonValue;
}
