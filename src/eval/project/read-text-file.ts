import { readFileSync } from "node:fs";
import { ConfigError } from "../../core/errors.js";

/**
 * Reads a file that the user wrote.
 *
 * @param shown - the file's name in messages
 * @param what - what the file should be, e.g. `an agent file`
 * @param nextStep - what to do when it is not there
 * @throws {ConfigError} when there is no such file, it is a folder, or it cannot be read
 */
export function readTextFile(path: string, shown: string, what: string, nextStep: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError([{ file: shown, message: `expected ${what}, ${found(cause)}` }], {
      cause,
      nextStep,
    });
  }
}

function found(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "found no file";
  if (code === "EISDIR") return "found a folder";
  if (code === "EACCES" || code === "EPERM") return "found one that may not be read";
  return `which cannot be read (${String(code)})`;
}
