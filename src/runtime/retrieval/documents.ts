import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, type Problem } from "../../core/errors.js";
import { splitFrontMatter } from "./front-matter.js";

export type DocumentStatus = "current" | "superseded";

/** One Markdown document of a knowledge base. */
export interface KnowledgeDocument {
  /** Unique in its folder; what answers cite. Letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  readonly title: string;
  /** Date as written (ISO 8601 by custom), or empty. */
  readonly updated: string;
  readonly status: DocumentStatus;
  /** Id of the document that replaces this one, or `null`. */
  readonly supersededBy: string | null;
  /** Markdown without the front matter. */
  readonly body: string;
}

const KNOWN_KEYS = ["id", "title", "updated", "status", "superseded_by"];
const ID = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

interface PlacedDocument {
  readonly document: KnowledgeDocument;
  readonly file: string;
  readonly lines: ReadonlyMap<string, number>;
}

/**
 * Reads every `.md` file of a folder and its subfolders, in path order.
 *
 * Front matter: `id` and `title` (required), `updated`, `status` (`current`, the default, or `superseded`),
 * `superseded_by` (an id of the folder; only with `status: superseded`).
 *
 * @param label - the folder's name in messages; defaults to `folder`
 * @throws {ConfigError} with every problem of the folder at once: no such folder, no document in it, bad
 *   front matter, an id that is used twice, a replacement that does not exist
 */
export function readDocuments(folder: string, label: string = folder): readonly KnowledgeDocument[] {
  const sources = markdownFiles(folder, label).map((name) => ({
    file: join(label, name),
    text: readFileSync(join(folder, name), "utf8"),
  }));
  return parseDocuments(sources);
}

function markdownFiles(folder: string, label: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch (cause) {
    const message =
      "cannot be read as a folder of Markdown documents; check `retrieval.documents` of the agent file";
    throw new ConfigError([{ file: label, message }], { cause });
  }
  const markdown = names.filter((name) => name.toLowerCase().endsWith(".md")).sort();
  if (markdown.length > 0) return markdown;
  throw new ConfigError([{ file: label, message: "holds no .md file; expected at least one document" }]);
}

/**
 * Checks the texts of a folder; see {@link readDocuments}.
 *
 * @throws {ConfigError} with every problem at once
 */
export function parseDocuments(
  sources: readonly { readonly file: string; readonly text: string }[],
): readonly KnowledgeDocument[] {
  const problems: Problem[] = [];
  const placed: PlacedDocument[] = [];
  for (const { file, text } of sources) {
    const parsed = parseDocument(file, text);
    problems.push(...parsed.problems);
    if (parsed.placed !== null) placed.push(parsed.placed);
  }
  problems.push(...crossCheck(placed));
  if (problems.length > 0) throw new ConfigError(problems);
  return placed.map(({ document }) => document);
}

function parseDocument(
  file: string,
  text: string,
): { placed: PlacedDocument | null; problems: readonly Problem[] } {
  const { frontMatter, problems: headProblems } = splitFrontMatter(file, text, KNOWN_KEYS);
  if (frontMatter === null) return { placed: null, problems: headProblems };
  const { values, lines, body } = frontMatter;
  const problems: Problem[] = [...headProblems];
  const report = (key: string, message: string) =>
    problems.push({ file, line: lines.get(key) ?? 2, message });
  const textOf = (key: string, required: boolean): string => {
    const value = values.get(key);
    if (value === undefined || value === null) {
      if (required) report(key, `expected "${key}" in the front matter; found none`);
      return "";
    }
    if (typeof value === "string" && (value.trim() !== "" || !required)) return value.trim();
    report(key, `expected "${key}" to be a text; found ${JSON.stringify(value)}`);
    return "";
  };
  const id = textOf("id", true);
  if (id !== "" && !ID.test(id)) {
    report("id", `expected "id" of letters, digits, ".", "_" and "-"; found ${JSON.stringify(id)}`);
  }
  const title = textOf("title", true);
  const status = values.get("status") ?? "current";
  if (status !== "current" && status !== "superseded") {
    report("status", `expected "status" to be "current" or "superseded"; found ${JSON.stringify(status)}`);
  }
  const supersededBy = textOf("superseded_by", false) || null;
  if (supersededBy !== null && status === "current") {
    report(
      "superseded_by",
      '"superseded_by" contradicts status "current"; set `status: superseded` or remove it',
    );
  }
  const updated = textOf("updated", false);
  if (body.trim() === "")
    problems.push({ file, message: "expected text below the front matter; found none" });
  const document: KnowledgeDocument = {
    id,
    title,
    updated,
    status: status === "superseded" ? "superseded" : "current",
    supersededBy,
    body,
  };
  return { placed: { document, file, lines }, problems };
}

function crossCheck(placed: readonly PlacedDocument[]): Problem[] {
  const problems: Problem[] = [];
  const first = new Map<string, PlacedDocument>();
  for (const item of placed) {
    const { id } = item.document;
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, item);
    else if (id !== "") {
      const message = `expected "id" to be unique; "${id}" is also in ${earlier.file}:${earlier.lines.get("id") ?? 2}`;
      problems.push({ file: item.file, line: item.lines.get("id") ?? 2, message });
    }
  }
  for (const { document, file, lines } of placed) {
    const replacement = document.supersededBy;
    if (replacement === null || (first.has(replacement) && replacement !== document.id)) continue;
    const message = `expected "superseded_by" to be the id of another document of the folder; found "${replacement}"`;
    problems.push({ file, line: lines.get("superseded_by") ?? 2, message });
  }
  return problems;
}
