import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import type { z } from "zod";
import { ConfigError, type Problem } from "../core/errors.js";
import { describeIssues, type Finding } from "./describe-issues.js";
import { quoteName, YAML_WORDS } from "./found-and-wanted.js";

/**
 * A rule that a schema cannot say, such as "the provider exists". It gets the value as the user wrote it,
 * which may break the schema, so that its findings appear together with the schema's.
 */
export type CrossRule = (value: unknown) => readonly Finding[];

type YamlDocument = ReturnType<typeof parseDocument>;

/**
 * Checks the text of a YAML file against a schema. A byte order mark, CRLF line ends, anchors and merge
 * keys (`<<`) are accepted.
 *
 * @param text - content of the file
 * @param file - its name, for messages
 * @param schemaOf - the schema, or what chooses it by the value
 * @throws {ConfigError} with every problem of the file and its line: syntax errors and duplicate keys, or
 *   else whatever the schema and the rules find
 */
export function parseYamlFile<Schema extends z.ZodType>(
  text: string,
  file: string,
  schemaOf: Schema | ((value: unknown) => Schema),
  rules: readonly CrossRule[] = [],
): z.output<Schema> {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: true,
    // "silent" would also pass over a second document.
    logLevel: "error",
  });
  failOn(syntaxProblems(document, lines, file));
  if (document.contents === null) {
    failOn([{ file, message: `is empty; \`agentctl init\` in a new folder writes an example` }]);
  }
  const value = plainValue(document, file);
  const schema = typeof schemaOf === "function" ? schemaOf(value) : schemaOf;
  const result = schema.safeParse(value);
  const checked = { schema, value, words: YAML_WORDS, whole: "the file" };
  const findings = result.success ? [] : describeIssues(result.error.issues, checked);
  for (const rule of rules) findings.push(...rule(value));
  const problems = findings.map(({ path, message }) => ({
    file,
    line: lineAt(document, lines, path),
    message,
  }));
  failOn(problems.sort((a, b) => a.line - b.line));
  if (!result.success) throw new TypeError("a schema failed without an issue", { cause: result.error });
  return result.data;
}

function failOn(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}

function syntaxProblems(document: YamlDocument, lines: LineCounter, file: string): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<number>();
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    // The parser reports what follows from a first error on the same line as further errors.
    if (seen.has(line)) continue;
    seen.add(line);
    const message =
      error.code === "MULTIPLE_DOCS"
        ? "expected one YAML document, found a second one (`---`)"
        : `is not valid YAML at column ${col}: ${error.message}`;
    problems.push({ file, line, message });
  }
  if (problems.length > 0) return problems;
  visit(document, {
    Map: (_, map) => void problems.push(...duplicateKeys(map, lines, file)),
    Alias: (_, alias) => void problems.push(...unknownAnchor(alias, document, lines, file)),
  });
  return problems;
}

function duplicateKeys(map: YAMLMap, lines: LineCounter, file: string): Problem[] {
  const firstLines = new Map<string, number>();
  const problems: Problem[] = [];
  for (const pair of map.items) {
    const key = keyOf(pair);
    const line = lines.linePos(startOf(pair.key) ?? 0).line;
    if (key === undefined) {
      problems.push({
        file,
        line,
        message: "expected a key of plain text, found a list, a mapping or an alias",
      });
      continue;
    }
    const first = firstLines.get(key);
    if (first === undefined) firstLines.set(key, line);
    else
      problems.push({
        file,
        line,
        message: `duplicate key ${quoteName(key)}; also on line ${first}; keep one`,
      });
  }
  return problems;
}

function unknownAnchor(alias: Alias, document: YamlDocument, lines: LineCounter, file: string): Problem[] {
  if (alias.resolve(document) !== undefined) return [];
  const { line } = lines.linePos(startOf(alias) ?? 0);
  return [
    { file, line, message: `unknown anchor \`*${alias.source}\`; define \`&${alias.source}\` above it` },
  ];
}

function plainValue(document: YamlDocument, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // The parser signals a bad alias or merge source by several error classes, RangeError among them.
    if (!(error instanceof Error)) throw error;
    throw new ConfigError([{ file, message: `is not valid YAML: ${error.message}` }], { cause: error });
  }
}

/** 1-based line of the deepest key or item on the path that is in the file. */
function lineAt(document: YamlDocument, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => keyOf(item) === String(step));
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return lines.linePos(offset).line;
}

function keyOf(pair: Pair): string | undefined {
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
