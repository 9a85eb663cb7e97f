import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseScriptFile } from "../../config/parse-script-file.js";
import type { Script } from "../../config/script-schema.js";
import { ConfigError } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";

/** A script with what names its content. */
export interface LoadedScript {
  /** Path, as messages name it. */
  readonly file: string;
  readonly script: Script;
  /** Content hash; a change of comments alone leaves it as it is. */
  readonly hash: string;
}

/**
 * Reads the script that a `model` block names.
 *
 * @param name - `model.name`: a relative or absolute path
 * @param file - the file that names it, for messages
 * @param folder - that the path is relative to
 * @throws {ConfigError} when it cannot be read, or with everything that is wrong with it
 */
export function readScript(name: string, file: string, folder = dirname(file)): LoadedScript {
  const shown = join(dirname(file), name);
  let text: string;
  try {
    text = readFileSync(resolve(folder, name), "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    const message = `expected "model.name" of provider scripted to be the path of a script, found ${shown} (${code})`;
    throw new ConfigError([{ file, message }], {
      cause,
      nextStep: "Create the script, or correct `model.name`; it is relative to the file that names it.",
    });
  }
  const script = parseScriptFile(text, shown);
  return { file: shown, script, hash: contentHash(script) };
}
