import { extname, resolve } from "node:path";
import { StoreError, UsageError } from "../../core/errors.js";
import { refuseFolder, writeWhole } from "./write-whole.js";

/** A file to write, absolute, and its extension in lower case. */
export interface PlannedText {
  readonly file: string;
  readonly extension: string;
}

/**
 * Checks the files of --output before anything is computed for them.
 *
 * @param extensions - that stand for a format, e.g. `.html`
 * @param flag - that named the files
 * @throws {UsageError} for another extension or a folder
 */
export function plannedTexts(
  files: readonly string[],
  extensions: readonly string[],
  workingDirectory: string,
  flag = "--output",
): readonly PlannedText[] {
  return files.map((name) => {
    const extension = extname(name).toLowerCase();
    if (!extensions.includes(extension)) {
      throw new UsageError(`${flag} ${name}: expected the extension ${extensions.join(", ")}`);
    }
    const file = resolve(workingDirectory, name);
    refuseFolder(file);
    return { file, extension };
  });
}

/**
 * Writes a text, whole or not at all.
 *
 * @throws {StoreError} when the file cannot be written
 */
export async function writeText(file: string, text: string, flag = "--output"): Promise<void> {
  try {
    await writeWhole(file, text);
  } catch (cause) {
    throw new StoreError(`cannot write the report ${file}: ${(cause as Error).message}`, {
      cause,
      nextStep: `name another file with ${flag}`,
    });
  }
}
