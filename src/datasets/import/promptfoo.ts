import { readFile } from "node:fs/promises";
import { DatasetError } from "../../core/errors.js";
import { describeUnreadableFile } from "../missing-file.js";
import { checkDrafts } from "../write-dataset.js";
import { decodeUtf8 } from "./decode-utf8.js";
import { ProblemList } from "./problem-list.js";
import { draftOfTest, type PromptfooTest, testIds, testKey } from "./promptfoo-cases.js";
import { isResult, type PromptfooResults, resultsOf } from "./promptfoo-results.js";
import { parseYaml, type RawTest, testsOfConfig, testsOfCsv, testsOfLines } from "./promptfoo-tests.js";
import type { ImportedDataset } from "./table.js";
import { readCsv, readJsonLines } from "./table-file.js";
import { isRecord, otherKindHint } from "./table-kind.js";

type Fields = Readonly<Record<string, unknown>>;

/** A file of promptfoo: results of an eval, or a configuration (a file of tests is one with tests alone). */
export type PromptfooFile =
  | { readonly kind: "results"; readonly results: PromptfooResults }
  | { readonly kind: "config"; readonly config: Fields; readonly rows?: readonly RawTest[] };

/**
 * Reads a configuration, tests or results of promptfoo: YAML, JSON, JSONL or CSV.
 *
 * @param path - messages repeat it
 * @throws {DatasetError} when the file is of no such kind
 */
export async function readPromptfoo(path: string): Promise<PromptfooFile> {
  if (/\.csv$/i.test(path)) {
    const { rows } = await readCsv(path, ",");
    return { kind: "config", config: {}, rows: testsOfCsv(rows) };
  }
  if (/\.jsonl$/i.test(path)) {
    const rows = await readJsonLines(path);
    const isResults = rows.every(({ value }) => isResult(value));
    if (isResults) {
      const results = rows.map(({ line, value }) => ({ line, fields: value }));
      return { kind: "results", results: { rows: results, templates: [], startedAt: null } };
    }
    requireTests(path, rows[0]?.value);
    return { kind: "config", config: {}, rows: testsOfLines(rows) };
  }
  const value = parseYaml(path, await textOf(path));
  const results = resultsOf(value);
  if (results !== null) return { kind: "results", results };
  const config = Array.isArray(value) ? { tests: value } : value;
  if (!isRecord(config) || !("tests" in config || "scenarios" in config)) {
    const hint = otherKindHint(config, "agentctl import promptfoo");
    const wanted =
      "expected a configuration with `tests`, a list of tests, or results of `promptfoo eval -o`";
    throw new DatasetError([{ file: path, message: `${wanted}; found none${hint}` }]);
  }
  if (Array.isArray(config.tests)) requireTests(path, config.tests[0]);
  return { kind: "config", config };
}

const TEST_KEYS = ["vars", "assert", "description", "path", "options", "metadata", "threshold", "provider"];

function requireTests(path: string, first: unknown): void {
  if (typeof first === "string" || first === undefined) return;
  if (isRecord(first) && TEST_KEYS.some((key) => key in first)) return;
  const hint = otherKindHint(first, "agentctl import promptfoo");
  throw new DatasetError([
    { file: path, message: `expected tests with \`vars\` and \`assert\`; found none${hint}` },
  ]);
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch(async (error: unknown) => {
    throw new DatasetError([await describeUnreadableFile(path, error)], { cause: error });
  });
  return decodeUtf8(path, bytes);
}

/**
 * The golden set of a configuration. What a golden set has no word for stays as tags and is counted in the notes.
 *
 * @param inputVar - the variable that the user says; `undefined`: the only one, or the only prompt filled in
 * @throws {DatasetError} with every problem of the file at once
 */
export async function promptfooDataset(
  path: string,
  { config, rows }: { readonly config: Fields; readonly rows?: readonly RawTest[] },
  inputVar: string | undefined,
): Promise<ImportedDataset> {
  const problems = new ProblemList(path);
  const tests = await testsOfConfig(config, path, problems, rows);
  if (tests.length === 0) problems.add(undefined, "has no tests");
  const ids = testIds(tests);
  const distinct = new Map(tests.map((test) => [testKey(test), test]));
  const choice = { inputVar, template: templateOf(config.prompts) };
  const read = [...distinct].map(([key, test]) => draftOfTest(test, ids.get(key) ?? key, choice));
  for (const { draft, missing } of read) {
    if (missing !== null)
      problems.add(draft.line, `${draft.place}${missing}; name another variable with --input-var`);
  }
  const drafts = read.map(({ draft }) => draft);
  checkDrafts(drafts, problems);
  problems.throwIfAny();
  return {
    drafts,
    notes: [
      ...(tests.length > distinct.size
        ? [`${tests.length - distinct.size} tests repeat an earlier one and were left out`]
        : []),
      ...counted(read.flatMap(({ unmapped }) => unmapped)).map(
        ([type, count]) => `not mapped: ${count} × ${type}, kept as the tag assert:${type}`,
      ),
      ...counted(read.flatMap(({ near }) => near)).map(
        ([type, count]) => `nearly the same: ${count} × ${type}${nearly(type)}`,
      ),
      ...thresholdNote([...distinct.values()]),
    ],
  };
}

/** The prompt, when a configuration has one and it stands in it. */
function templateOf(prompts: unknown): string | null {
  const list: readonly unknown[] = Array.isArray(prompts) ? prompts : [prompts];
  const [first] = list;
  const text = isRecord(first) ? first.raw : first;
  const isFile = typeof text !== "string" || /^(file:|exec:)|^\S+\.\w+(:\w+)?$/.test(text);
  return list.length === 1 && !isFile ? text : null;
}

function nearly(type: string): string {
  return type.includes("contains")
    ? ", which here ignores case and white space"
    : ", whose reference became the answer";
}

function counted(types: readonly string[]): readonly (readonly [string, number])[] {
  return [...new Set(types)].map((type) => [type, types.filter((one) => one === type).length]);
}

function thresholdNote(tests: readonly PromptfooTest[]): readonly string[] {
  const count = tests.filter(({ threshold }) => threshold !== undefined && threshold !== null).length;
  return count === 0 ? [] : [`${count} tests pass from a threshold on; here all that they state must hold`];
}
