import { describeIssues, valueAt } from "../config/describe-issues.js";
import { JSON_WORDS, quoteShort } from "../config/found-and-wanted.js";
import { DatasetError, type Problem } from "../core/errors.js";
import type { Dataset, GoldenCase } from "../core/golden-case.js";
import { contentHash } from "../core/hash.js";
import { checkJsonKeys } from "./check-json-keys.js";
import { flatCaseSchema, fullCaseSchema } from "./golden-case-schema.js";
import { locateJsonError } from "./locate-json-error.js";
import { normaliseFlatCase, normaliseFullCase } from "./normalise-case.js";

const MAX_PROBLEMS = 50;
const EXCERPT_CHARS = 24;
const FULL_KEYS = new Set(Object.keys(fullCaseSchema.shape));
const FLAT_KEYS = new Set(Object.keys(flatCaseSchema.shape));

/** Collects the cases and problems of one file, line by line. */
export class DatasetBuilder {
  private readonly cases: GoldenCase[] = [];
  private readonly firstLines = new Map<string, number>();
  private readonly problems: Problem[] = [];
  private problemCount = 0;
  private isWholeFileJson = false;

  /** @param file - its name, for messages */
  constructor(private readonly file: string) {}

  /** Adds a line; blank ones are skipped. */
  addLine(line: number, text: string): void {
    if (this.isWholeFileJson || text.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.addMalformed(line, text);
      return;
    }
    const hidden = checkJsonKeys(text);
    if (hidden === null) this.addValue(line, value);
    else this.addProblem(line, hidden);
  }

  addProblem(line: number | undefined, message: string): void {
    this.problemCount++;
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push(
      line === undefined ? { file: this.file, message } : { file: this.file, line, message },
    );
  }

  /**
   * The dataset.
   *
   * @throws {DatasetError} with the problems, the first 50 in words and the rest as a count
   */
  finish(name: string): Dataset {
    if (this.cases.length === 0 && this.problemCount === 0) {
      this.addProblem(
        undefined,
        'has no cases; write one JSON object a line, e.g. {"id":"a","input":"Hello"}',
      );
    }
    const hidden = this.problemCount - this.problems.length;
    if (hidden > 0) this.problems.push({ file: this.file, message: `… and ${hidden} more problems` });
    if (this.problems.length > 0) throw new DatasetError(this.problems);
    return {
      name,
      path: this.file,
      cases: this.cases,
      hash: contentHash(this.cases.map((each) => each.hash)),
    };
  }

  private addValue(line: number, value: unknown): void {
    if (Array.isArray(value) && this.isFirstContent()) {
      this.refuseWholeFile(line);
      return;
    }
    const schema = looksFlat(value) ? flatCaseSchema : fullCaseSchema;
    const result = schema.safeParse(value);
    if (!result.success) {
      const checked = { schema, value, words: JSON_WORDS, whole: "the line" };
      for (const { message } of describeIssues(result.error.issues, checked)) this.addProblem(line, message);
      const id = valueAt(value, ["id"]);
      if (typeof id === "string") this.claimId(id, line, true);
      return;
    }
    const source = result.data;
    const goldenCase =
      "question" in source ? normaliseFlatCase(source, line) : normaliseFullCase(source, line);
    if (this.claimId(goldenCase.id, line, typeof source.id === "string")) this.cases.push(goldenCase);
  }

  private claimId(id: string, line: number, isWritten: boolean): boolean {
    const first = this.firstLines.get(id);
    if (first === undefined) {
      this.firstLines.set(id, line);
      return true;
    }
    const message = isWritten
      ? `expected \`id\` to be unique, found ${quoteShort(id)}; also on line ${first}; rename one`
      : `\`question\` is the same as on line ${first}; remove one, or give each its own \`id\``;
    this.addProblem(line, message);
    return false;
  }

  private addMalformed(line: number, text: string): void {
    if (this.isFirstContent() && /^\s*(\[|\{\s*$)/.test(text)) {
      this.refuseWholeFile(line);
      return;
    }
    const error = locateJsonError(text) ?? { offset: 0, message: "not a JSON value" };
    const column = error.offset + 1;
    this.addProblem(
      line,
      `is not valid JSON at column ${column}: ${error.message}; near ${excerpt(text, error.offset)}`,
    );
  }

  private refuseWholeFile(line: number): void {
    this.isWholeFileJson = true;
    const found = "found a JSON document that spans the whole file";
    this.addProblem(line, `expected one JSON object a line, ${found}; \`jq -c '.[]'\` converts an array`);
  }

  private isFirstContent(): boolean {
    return this.firstLines.size === 0 && this.problemCount === 0;
  }
}

/** The text around an offset, with `▶` where the error is. */
function excerpt(text: string, offset: number): string {
  const before = text.slice(Math.max(0, offset - EXCERPT_CHARS), offset);
  const after = text.slice(offset, offset + EXCERPT_CHARS);
  const start = offset > EXCERPT_CHARS ? "…" : "";
  const end = offset + EXCERPT_CHARS < text.length ? "…" : "";
  return `${start}${before}▶${after}${end}`.replace(/\p{Cc}/gu, "�");
}

function looksFlat(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  const keys = Object.keys(value);
  const count = (known: ReadonlySet<string>): number => keys.filter((key) => known.has(key)).length;
  return count(FLAT_KEYS) > count(FULL_KEYS);
}

/**
 * Reads the lines of a golden set that is already in memory, one JSON object a line; blank lines count as
 * lines and are skipped.
 *
 * @param file - name of the file, for messages
 * @throws {DatasetError} with every problem of the lines
 */
export function parseDatasetLines(lines: Iterable<string>, file: string, name = file): Dataset {
  const builder = new DatasetBuilder(file);
  let number = 0;
  for (const line of lines) builder.addLine(++number, line);
  return builder.finish(name);
}
