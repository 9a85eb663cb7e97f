import { join } from "node:path";
import { ConfigError, type Problem } from "../../../core/errors.js";
import { isTenantName, SHARED_TENANT } from "../index/tenant.js";
import { ATTRIBUTE_KEYS, type DocumentAttributes, readAttributes } from "./document-attributes.js";
import { readDocumentFiles } from "./document-files.js";
import { splitFrontMatter } from "./front-matter.js";

export type DocumentStatus = "current" | "superseded";

/** One Markdown document of a knowledge base. */
export interface KnowledgeDocument extends DocumentAttributes {
  /**
   * What answers cite: letters, digits, `.`, `_` and `-`. Unique among the documents that one reader can see: two
   * tenants may use the same id, a tenant and the shared documents may not.
   */
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

const KNOWN_KEYS = ["id", "title", "updated", "status", "superseded_by", ...ATTRIBUTE_KEYS];
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
 * `superseded_by` (an id of the folder; only with `status: superseded`), and the keys of
 * {@link DocumentAttributes}.
 *
 * @param label - the folder's name in messages; defaults to `folder`
 * @param options.tenantFolders - whether each folder at the top is one tenant's (`shared`, and files at the top,
 *   are everybody's); default false
 * @throws {ConfigError} with every problem of the folder at once: what {@link readDocumentFiles} refuses, then bad
 *   front matter, an id that is used twice, a replacement that does not exist
 */
export function readDocuments(
  folder: string,
  label: string = folder,
  options: { readonly tenantFolders?: boolean } = {},
): readonly KnowledgeDocument[] {
  const tenantOf = options.tenantFolders === true ? topFolder : () => undefined;
  const files = readDocumentFiles(folder, label, (name) => tenantOf(name) ?? SHARED_TENANT);
  const badFolders = new Set(
    files.flatMap(({ name }) => tenantOf(name) ?? []).filter((name) => !isTenantName(name)),
  );
  if (badFolders.size > 0) {
    const message =
      'cannot name a tenant; expected letters, digits, ".", "_" and "-" (64 at most, a letter or digit first)';
    throw new ConfigError([...badFolders].map((name) => ({ file: join(label, name), message })));
  }
  const sources = files.map(({ name, text }) => {
    const tenant = tenantOf(name);
    const source = { file: join(label, name), text };
    return tenant === undefined ? source : { ...source, tenant };
  });
  return parseDocuments(sources);
}

/** The folder at the top that a file lies in; files at the top are everybody's. */
function topFolder(name: string): string {
  const [first, ...rest] = name.split(/[\\/]/);
  return rest.length === 0 || first === undefined ? SHARED_TENANT : first;
}

interface DocumentSource {
  readonly file: string;
  readonly text: string;
  /** Tenant of its folder. */
  readonly tenant?: string;
}

/**
 * Checks the texts of a folder; see {@link readDocuments}.
 *
 * @throws {ConfigError} with every problem at once
 */
export function parseDocuments(sources: readonly DocumentSource[]): readonly KnowledgeDocument[] {
  const problems: Problem[] = [];
  const placed: PlacedDocument[] = [];
  for (const source of sources) {
    const parsed = parseDocument(source);
    problems.push(...parsed.problems);
    if (parsed.placed !== null) placed.push(parsed.placed);
  }
  problems.push(...crossCheck(placed));
  if (problems.length > 0) throw new ConfigError(problems);
  return placed.map(({ document }) => document);
}

function parseDocument({ file, text, tenant }: DocumentSource): {
  placed: PlacedDocument | null;
  problems: readonly Problem[];
} {
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
    ...readAttributes(values, tenant, report),
  };
  return { placed: { document, file, lines }, problems };
}

function crossCheck(placed: readonly PlacedDocument[]): Problem[] {
  const problems: Problem[] = [];
  const byId = new Map<string, PlacedDocument[]>();
  for (const item of placed) {
    const { id } = item.document;
    const sameId = byId.get(id) ?? [];
    const earlier = sameId.find(({ document }) => haveCommonReader(document, item.document));
    if (earlier !== undefined && id !== "") {
      const message = `expected "id" to be unique; "${id}" is also in ${earlier.file}:${earlier.lines.get("id") ?? 2}`;
      problems.push({ file: item.file, line: item.lines.get("id") ?? 2, message });
    }
    byId.set(id, [...sameId, item]);
  }
  for (const { document, file, lines } of placed) {
    const replacement = document.supersededBy;
    if (replacement === null) continue;
    const known = byId.get(replacement)?.some((other) => haveCommonReader(other.document, document));
    if (known === true && replacement !== document.id) continue;
    const message = `expected "superseded_by" to be the id of another document of the folder; found "${replacement}"`;
    problems.push({ file, line: lines.get("superseded_by") ?? 2, message });
  }
  return problems;
}

/** Whether somebody can see both: the same tenant's, or one of them everybody's. */
function haveCommonReader(a: DocumentAttributes, b: DocumentAttributes): boolean {
  return a.tenant === undefined || b.tenant === undefined || a.tenant === b.tenant;
}
