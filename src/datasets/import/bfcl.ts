import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { describeIssues } from "../../config/describe-issues.js";
import { JSON_WORDS } from "../../config/found-and-wanted.js";
import { DatasetError, type Problem } from "../../core/errors.js";
import { isDict, type PythonValue } from "../../metrics/agent/python-values.js";
import type { CaseContent } from "../case-hash.js";
import { describeUnreadableFile } from "../missing-file.js";
import { type BfclCase, bfclCase, bfclCaseSchema, bfclGoldSchema, goldCalls, toolsOf } from "./bfcl-case.js";
import type { WrittenCall } from "./bfcl-python-calls.js";
import { parsePythonJson } from "./bfcl-python-json.js";
import { type BfclResult, bfclResultSchema, bfclTrial } from "./bfcl-result.js";
import { decodeUtf8 } from "./decode-utf8.js";
import type { ImportedRun, ImportedTrial } from "./imported-run.js";

/** Files of one category of the Berkeley Function-Calling Leaderboard, each with one JSON object a line. */
export interface BfclFiles {
  /** Outputs of a model, as function calls or as Python text. */
  readonly results: string;
  /** Questions and functions. */
  readonly cases: string;
  /** Acceptable answers; `null` for irrelevance, which has none. */
  readonly gold: string | null;
}

const MAX_PROBLEMS = 50;

/** What can be said of calls that were never run: answers, sources and costs are not in the files. */
const METRICS = [
  "task.success",
  "tool_calls.*",
  "plan_validity",
  "latency.mean_ms",
  "latency.p50_ms",
  "latency.p90_ms",
  "latency.p95_ms",
  "latency.p99_ms",
  "error_rate",
  "tokens.total",
];

/**
 * Reads a model's results on one or more categories of BFCL. Expected calls have `args_mode: any_of`, so that
 * `tool_calls.accuracy` and `task.success` give the verdicts of BFCL's own checker.
 *
 * @throws {DatasetError} with every problem of the files at once, the first 50 in words
 */
export async function readBfcl(files: BfclFiles): Promise<ImportedRun> {
  const problems: Problem[] = [];
  const sources = await readLines(files.cases, bfclCaseSchema, problems);
  const gold = files.gold === null ? new Map<string, Line<unknown>>() : await readGold(files.gold, problems);
  const results = await readLines(files.results, bfclResultSchema, problems);
  const cases: CaseContent[] = [];
  const demands = new Map<string, { readonly source: BfclCase; readonly gold: readonly WrittenCall[] }>();
  for (const { line, value } of sources.values()) {
    const entry = gold.get(value.id);
    const calls = entry === undefined ? null : goldCalls(memberOf(entry.raw, "ground_truth"));
    const one = bfclCase(value, calls);
    if (typeof one === "string") problems.push({ file: files.cases, line, message: one });
    else {
      cases.push(one);
      demands.set(value.id, { source: value, gold: one.expect.toolCalls?.length === 0 ? [] : (calls ?? []) });
    }
  }
  for (const { line, value } of results.values()) {
    if (sources.has(value.id)) continue;
    problems.push({
      file: files.results,
      line,
      message: `"${value.id}" is none of the cases in ${files.cases}`,
    });
  }
  if (problems.length > 0) throw tooManyCut(problems);
  return importedRun(cases, [...results.values()], demands);
}

/** One object of a file. */
interface Line<T> {
  readonly line: number;
  readonly value: T;
  /** The same with the types of Python. */
  readonly raw: PythonValue;
}

async function readGold(path: string, problems: Problem[]): Promise<ReadonlyMap<string, Line<unknown>>> {
  const lines = await readLines(path, bfclGoldSchema, problems);
  for (const { line, raw } of lines.values()) {
    if (goldCalls(memberOf(raw, "ground_truth")) === null) {
      problems.push({
        file: path,
        line,
        message: "expected `ground_truth` as a list of {function: {argument: [values]}}",
      });
    }
  }
  return lines;
}

async function readLines<T extends { readonly id: string }>(
  path: string,
  schema: z.ZodType<T>,
  problems: Problem[],
): Promise<ReadonlyMap<string, Line<T>>> {
  const lines = new Map<string, Line<T>>();
  for (const [index, text] of (await textOf(path)).split("\n").entries()) {
    if (text.trim() === "") continue;
    const line = index + 1;
    const raw = parsed(text);
    const read = schema.safeParse(raw === undefined ? undefined : JSON.parse(text));
    if (raw === undefined) problems.push({ file: path, line, message: "expected one JSON object a line" });
    else if (!read.success) {
      const checked = { schema, value: JSON.parse(text), words: JSON_WORDS, whole: "the line" };
      const [issue] = describeIssues(read.error.issues, checked);
      problems.push({ file: path, line, message: issue?.message ?? "is no such line" });
    } else {
      const first = lines.get(read.data.id)?.line;
      if (first === undefined) lines.set(read.data.id, { line, value: read.data, raw });
      else {
        const message = `expected "id" to be unique; ${JSON.stringify(read.data.id)} is also on line ${first}`;
        problems.push({ file: path, line, message });
      }
    }
  }
  if (lines.size === 0 && problems.length === 0)
    problems.push({ file: path, message: "is empty; expected lines of JSON" });
  return lines;
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch(async (error: unknown) => {
    throw new DatasetError([await describeUnreadableFile(path, error)], { cause: error });
  });
  return decodeUtf8(path, bytes);
}

function parsed(text: string): PythonValue | undefined {
  try {
    return parsePythonJson(text);
  } catch {
    return undefined;
  }
}

function memberOf(value: PythonValue, key: string): PythonValue {
  return isDict(value) ? (value[key] ?? null) : null;
}

function tooManyCut(problems: readonly Problem[]): DatasetError {
  const told = problems.slice(0, MAX_PROBLEMS);
  const rest = problems.length - told.length;
  const file = told[0]?.file ?? "";
  return new DatasetError(rest === 0 ? told : [...told, { file, message: `… and ${rest} more problems` }]);
}

function importedRun(
  cases: readonly CaseContent[],
  results: readonly Line<BfclResult>[],
  demands: ReadonlyMap<string, { readonly source: BfclCase; readonly gold: readonly WrittenCall[] }>,
): ImportedRun {
  const isFunctionCalling = results.some(({ value }) => typeof value.result !== "string");
  const byId = new Map(results.map((one) => [one.value.id, one]));
  const trials: ImportedTrial[] = [];
  let undecoded = 0;
  let clashing = 0;
  for (const one of cases) {
    const line = byId.get(one.id);
    const demand = demands.get(one.id);
    if (line === undefined || demand === undefined) continue;
    const question = demand.source.question[0]?.map(({ content }) => content).join("\n\n") ?? "";
    const read = bfclTrial(
      line.value,
      memberOf(line.raw, "result"),
      { question, tools: toolsOf(demand.source), gold: demand.gold },
      isFunctionCalling,
    );
    trials.push(read.trial);
    if (!read.isDecoded) undecoded++;
    clashing += read.typeClashes;
  }
  return {
    cases,
    trials,
    agentName: null,
    model: null,
    userModel: null,
    metrics: METRICS,
    withoutDefaultMetrics: true,
    scoreFacts: [],
    notes: notesOf(cases.length - trials.length, cases.length, undecoded, clashing),
  };
}

function notesOf(missing: number, cases: number, undecoded: number, clashing: number): readonly string[] {
  const notes: string[] = [];
  if (missing > 0) notes.push(`${missing} of ${cases} cases have no result and are not in the figures`);
  if (undecoded > 0) {
    notes.push(`${undecoded} results could not be read as calls: they count as no call, as in BFCL`);
  }
  if (clashing > 0) {
    notes.push(
      `${clashing} calls have arguments of another Python type than the gold answers, such as 1 for 1.0 in a list: BFCL rejects them, and as JSON does not tell the two apart they are kept as malformed`,
    );
  }
  return notes;
}
