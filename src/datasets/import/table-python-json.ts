/** Python writes NaN and Infinity into JSON; they stand for values that are missing. */
const PYTHON_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** A JSON value, also as Python writes it: NaN and infinities become `null`. */
export function parsePythonJson(text: string): { readonly value: unknown } | { readonly error: SyntaxError } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  try {
    return {
      value: JSON.parse(text.replace(PYTHON_NUMBERS, (match) => (match.startsWith('"') ? match : "null"))),
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { error };
  }
}
