/**
 * An exception that the Python original of a tool would have raised: the tool answers `Error: <message>` and
 * keeps whatever it had changed before.
 */
export class PythonError extends Error {
  override readonly name = "PythonError";
}
