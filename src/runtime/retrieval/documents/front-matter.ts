import { distance } from "fastest-levenshtein";
import { LineCounter, parseDocument, type Document as YamlDocument } from "yaml";
import type { Problem } from "../../../core/errors.js";

/** The YAML head of a Markdown file, and the text below it. */
export interface FrontMatter {
  readonly values: ReadonlyMap<string, unknown>;
  /** 1-based line of each key. */
  readonly lines: ReadonlyMap<string, number>;
  readonly body: string;
}

const HEAD = /^---[ \t]*\n([\s\S]*?)^---[ \t]*(?:\n|$)/m;

/**
 * Splits a Markdown text into front matter and body. A BOM and CRLF line ends are accepted.
 *
 * @param knownKeys - keys that mean something; other keys are let through (wikis add their own), except
 *   those that look like a misspelling of a known one
 */
export function splitFrontMatter(
  file: string,
  text: string,
  knownKeys: readonly string[],
): { readonly frontMatter: FrontMatter | null; readonly problems: readonly Problem[] } {
  const source = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const head = source.startsWith("---") ? HEAD.exec(source) : null;
  if (head === null) {
    const message =
      'expected YAML front matter between two "---" lines at the top; add at least `id` and `title`';
    return { frontMatter: null, problems: [{ file, line: 1, message }] };
  }
  const lineCounter = new LineCounter();
  const yaml = parseDocument(head[1] ?? "", { lineCounter, prettyErrors: false, logLevel: "silent" });
  // The front matter starts on the second line of the file.
  const lineAt = (offset: number) => lineCounter.linePos(offset).line + 1;
  const problems = yaml.errors.map((error) => ({
    file,
    line: lineAt(error.pos[0]),
    message: `front matter is not valid YAML: ${error.message}`,
  }));
  if (problems.length > 0) return { frontMatter: null, problems };
  const { values, lines } = readMap(yaml, lineAt);
  if (values === null) {
    const message = 'front matter is not a map of plain values; expected lines like "id: refund-policy"';
    return { frontMatter: null, problems: [{ file, line: 2, message }] };
  }
  const body = source.slice(head[0].length);
  return { frontMatter: { values, lines, body }, problems: misspellings(file, lines, knownKeys) };
}

function readMap(yaml: YamlDocument, lineAt: (offset: number) => number) {
  const lines = new Map<string, number>();
  const contents = yaml.contents;
  if (contents === null || !("items" in contents)) return { values: null, lines };
  const plain = plainValue(yaml);
  if (plain === null || typeof plain !== "object" || Array.isArray(plain)) return { values: null, lines };
  for (const item of contents.items) {
    const key = (item as { key?: { value?: unknown; range?: readonly number[] | null } }).key;
    if (key !== undefined) lines.set(String(key.value), lineAt(key.range?.[0] ?? 0));
  }
  return { values: new Map(Object.entries(plain)), lines };
}

/** The YAML as plain values, or `null` when its aliases lead nowhere or to too much. */
function plainValue(yaml: YamlDocument): unknown {
  try {
    return yaml.toJS();
  } catch {
    return null;
  }
}

function misspellings(
  file: string,
  lines: ReadonlyMap<string, number>,
  knownKeys: readonly string[],
): Problem[] {
  const problems: Problem[] = [];
  for (const [key, line] of lines) {
    if (knownKeys.includes(key)) continue;
    const meant = knownKeys.find((known) => distance(known, key.toLowerCase()) <= (known.length > 4 ? 2 : 0));
    if (meant !== undefined)
      problems.push({ file, line, message: `unknown key "${key}"; did you mean "${meant}"?` });
  }
  return problems;
}
