import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { ConfigError, type Problem } from "../../../core/errors.js";

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
  const found = markdownFiles(folder, label);
  const root = realpathSync(folder);
  const problems: Problem[] = [];
  const files: DocumentFile[] = [];
  for (const { name, isLink } of found) {
    const read = readOne(root, name, isLink ? ownerOf : null);
    if ("text" in read) files.push({ name, text: read.text });
    else problems.push({ file: join(label, name), ...read });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return files;
}

function markdownFiles(folder: string, label: string): { readonly name: string; readonly isLink: boolean }[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true });
  } catch (cause) {
    const message =
      "cannot be read as a folder of Markdown documents; check `retrieval.documents` of the agent file";
    throw new ConfigError([{ file: label, message }], { cause });
  }
  const files = entries
    .filter((entry) => entry.name.toLowerCase().endsWith(".md") && !entry.isDirectory())
    .map((entry) => ({
      name: relative(folder, join(entry.parentPath, entry.name)),
      isLink: entry.isSymbolicLink(),
    }))
    .filter(({ name }) => !name.split(sep).some((part) => part.startsWith(".")));
  if (files.length > 0) return files.sort((a, b) => (a.name < b.name ? -1 : 1));
  throw new ConfigError([{ file: label, message: "holds no .md file; expected at least one document" }]);
}

type Read = { readonly text: string } | { readonly line?: number; readonly message: string };

/** @param ownerOf - where the file is a link, which may lead anywhere; `null` otherwise */
function readOne(root: string, name: string, ownerOf: ((name: string) => string) | null): Read {
  try {
    const path = join(root, name);
    const problem = ownerOf === null ? null : problemOfLink(root, name, ownerOf);
    if (problem !== null) return { message: problem };
    const stats = statSync(path);
    if (!stats.isFile()) return { message: "is no file; expected a Markdown document" };
    if (stats.size > MOST_BYTES) {
      return { message: `has ${stats.size} bytes; expected at most ${MOST_BYTES}: split the document` };
    }
    return textOf(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { message: `cannot be read${code === undefined ? "" : ` (${code})`}` };
  }
}

function problemOfLink(root: string, name: string, ownerOf: (name: string) => string): string | null {
  const real = realpathSync(join(root, name));
  if (!real.startsWith(root + sep))
    return "is a link that leads out of the folder; copy the document instead";
  const owner = ownerOf(relative(root, real));
  return owner === ownerOf(name) ? null : `is a link to a document of "${owner}"; copy the document instead`;
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
