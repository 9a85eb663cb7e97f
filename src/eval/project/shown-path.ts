import { isAbsolute, relative } from "node:path";

/** A path as messages and reports show it: relative inside the working directory, absolute elsewhere. */
export function shownPath(path: string, workingDirectory: string): string {
  const shown = relative(workingDirectory, path);
  return shown === "" || shown.startsWith("..") || isAbsolute(shown) ? path : shown;
}
