import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { ConfigError, type Problem } from "../../core/errors.js";

/** Larger files are no pages that somebody wrote. */
const MOST_BYTES = 16 * 1024 * 1024;

/** A Markdown file of a folder, as it was read. */
export interface DocumentFile {
  /** Relative to the folder. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads every `.md` file of a folder and its subfolders, in path order. Hidden files and folders are left out, and links
 * to folders are not followed.
 *
 * @param label - the folder's name in messages
 * @param ownerOf - whose the file of a path is: a link may not lead to a file of somebody else
 * @throws {ConfigError} with every problem at once: no such folder, no document in it, a file that cannot be read, is
 *   no UTF-8 text or is larger than 16 MiB, a link that leads out of the folder or to another owner
 */
export function readDocumentFiles(
  folder: string,
  label: string,
  ownerOf: (name: string) => string,
): readonly DocumentFile[] {
  const names = markdownNames(folder, label);
  const problems: Problem[] = [];
  const files: DocumentFile[] = [];
  for (const name of names) {
    const read = readOne(folder, name, ownerOf);
    if ("text" in read) files.push({ name, text: read.text });
    else problems.push({ file: join(label, name), ...read });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return files;
}

function markdownNames(folder: string, label: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true });
  } catch (cause) {
    const message =
      "cannot be read as a folder of Markdown documents; check `retrieval.documents` of the agent file";
    throw new ConfigError([{ file: label, message }], { cause });
  }
  const names = entries
    .filter((entry) => entry.name.toLowerCase().endsWith(".md") && !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !name.split(sep).some((part) => part.startsWith(".")));
  if (names.length > 0) return names.sort();
  throw new ConfigError([{ file: label, message: "holds no .md file; expected at least one document" }]);
}

type Read = { readonly text: string } | { readonly line?: number; readonly message: string };

function readOne(folder: string, name: string, ownerOf: (name: string) => string): Read {
  try {
    const root = realpathSync(folder);
    const real = realpathSync(join(folder, name));
    if (!real.startsWith(root + sep)) {
      return { message: "is a link that leads out of the folder; copy the document instead" };
    }
    const owner = ownerOf(relative(root, real));
    if (owner !== ownerOf(name)) {
      const message = `is a link to a document of "${owner}"; copy the document instead`;
      return { message };
    }
    const stats = statSync(real);
    if (!stats.isFile()) return { message: "is no file; expected a Markdown document" };
    if (stats.size > MOST_BYTES) {
      return { message: `has ${stats.size} bytes; expected at most ${MOST_BYTES}: split the document` };
    }
    return textOf(readFileSync(real));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { message: `cannot be read${code === undefined ? "" : ` (${code})`}` };
  }
}

function textOf(bytes: Buffer): Read {
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    return { line: lineAt(bytes, zero), message: "holds a zero byte; expected text, found something binary" };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const valid = bytes.toString("utf8");
    const line = valid.slice(0, valid.indexOf("\uFFFD")).split("\n").length;
    return { line, message: "is not UTF-8 text; save it as UTF-8" };
  }
}

function lineAt(bytes: Buffer, end: number): number {
  let line = 1;
  for (let at = 0; at < end; at += 1) if (bytes[at] === 10) line += 1;
  return line;
}
