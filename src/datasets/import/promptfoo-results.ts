import { DatasetError } from "../../core/errors.js";
import { listNames } from "../../core/nearest.js";
import type { MetricFacts, Score } from "../../core/score.js";
import { checkDrafts } from "../write-dataset.js";
import type { ImportedRun, ImportedTrial } from "./imported-run.js";
import { promptInput } from "./openai-evals-prompt.js";
import { ProblemList } from "./problem-list.js";
import {
  draftOfTest,
  type InputChoice,
  inputOfTest,
  type PromptfooTest,
  testIds,
  testKey,
} from "./promptfoo-cases.js";
import { promptText, stepsOfResponse } from "./promptfoo-response.js";
import { isRecord } from "./table-kind.js";

type Fields = Readonly<Record<string, unknown>>;

/** One result: what a provider answered to a prompt in a test. */
interface ResultRow {
  readonly place: string;
  readonly line: number | undefined;
  readonly fields: Fields;
  readonly test: PromptfooTest;
  readonly column: string;
}

/** The results of one provider with one prompt: a column of promptfoo's table. */
export interface PromptfooColumn {
  readonly provider: string;
  readonly prompt: string;
  readonly run: ImportedRun;
}

/** Which columns are wanted; `undefined` takes all. */
export interface ColumnChoice {
  readonly provider: string | undefined;
  readonly prompt: string | undefined;
  readonly inputVar: string | undefined;
}

/** Results of `promptfoo eval -o`, as they stand in the file. */
export interface PromptfooResults {
  readonly rows: readonly { readonly fields: unknown; readonly line: number | undefined }[];
  /** Prompts as templates, each once. */
  readonly templates: readonly string[];
  readonly startedAt: string | null;
}

/** The results in a parsed file, in the shapes of promptfoo's summaries 1 to 4; `null` for another kind of file. */
export function resultsOf(value: unknown): PromptfooResults | null {
  if (!isRecord(value)) return null;
  const summary = isRecord(value.results) ? value.results : value;
  const { results, table, prompts, timestamp } = summary;
  if (!Array.isArray(results) || !results.every(isResult)) return null;
  const head = isRecord(table) && isRecord(table.head) ? table.head.prompts : undefined;
  const listed = [prompts, head].find(Array.isArray) ?? [];
  const raws = listed.filter(isRecord).map(({ raw }) => raw);
  return {
    rows: results.map((fields: unknown) => ({ fields, line: undefined })),
    templates: [...new Set(raws.filter((raw) => typeof raw === "string"))],
    startedAt:
      typeof timestamp === "string" && !Number.isNaN(Date.parse(timestamp))
        ? new Date(timestamp).toISOString()
        : null,
  };
}

/** Whether an object is one result, as a line of `-o results.jsonl` is. */
export function isResult(value: unknown): boolean {
  const marks = ["prompt", "response", "testCase", "vars"];
  return isRecord(value) && "success" in value && marks.some((mark) => mark in value);
}

/**
 * The results as runs, one for each provider and prompt that is wanted. Repetitions of a test are trials of its case.
 *
 * @throws {DatasetError} with every problem of the file at once, or when no column is the wanted one
 */
export function promptfooRuns(
  path: string,
  results: PromptfooResults,
  choice: ColumnChoice,
): readonly PromptfooColumn[] {
  const problems = new ProblemList(path);
  const rows = results.rows.flatMap((row, index) => readRow(row, index, problems));
  checkTwins(rows, problems);
  problems.throwIfAny();
  const ids = testIds(rows.map(({ test }) => test));
  const input: InputChoice = {
    inputVar: choice.inputVar,
    template: results.templates.length === 1 ? (results.templates[0] ?? null) : null,
  };
  const columns = [...new Set(rows.map(({ column }) => column))].map((name) =>
    rows.filter(({ column }) => column === name).sort((a, b) => testIndex(a) - testIndex(b)),
  );
  const wanted = columns.filter(([first]) => first !== undefined && isWanted(first, choice));
  if (wanted.length === 0) throw noColumn(path, columns);
  const prompts = new Set(wanted.map(([first]) => promptOf(first?.fields ?? {})));
  const found = wanted.map((column) =>
    columnRun(column, { ids, input, startedAt: results.startedAt, namesPrompt: prompts.size > 1 }, problems),
  );
  problems.throwIfAny();
  return found;
}

function readRow(
  { fields, line }: PromptfooResults["rows"][number],
  index: number,
  problems: ProblemList,
): readonly ResultRow[] {
  const place = line === undefined ? `result ${index + 1}: ` : "";
  if (!isRecord(fields) || !isResult(fields)) {
    problems.add(line, `${place}expected a result with \`success\` and \`response\``);
    return [];
  }
  if (typeof fields.success !== "boolean") {
    problems.add(
      line,
      `${place}expected success to be true or false, found ${JSON.stringify(fields.success)}`,
    );
    return [];
  }
  const testCase = isRecord(fields.testCase) ? fields.testCase : {};
  const { description = fields.description } = testCase;
  const vars =
    isRecord(testCase.vars) && !Object.values(testCase.vars).some(Array.isArray)
      ? testCase.vars
      : fields.vars;
  const test: PromptfooTest = {
    line,
    place,
    vars: isRecord(vars) ? vars : {},
    assert: Array.isArray(testCase.assert) ? testCase.assert : [],
    description: typeof description === "string" ? description : null,
    metadata: isRecord(testCase.metadata) ? testCase.metadata : {},
    threshold: testCase.threshold,
  };
  const column =
    typeof fields.promptIdx === "number"
      ? String(fields.promptIdx)
      : `${providerOf(fields)} ${promptOf(fields)}`;
  return [{ place, line, fields, test, column }];
}

/** The same test index in the same column cannot come twice. */
function checkTwins(rows: readonly ResultRow[], problems: ProblemList): void {
  const first = new Map<string, ResultRow>();
  for (const row of rows) {
    const { testIdx, promptIdx, repeatIndex } = row.fields;
    if (testIdx === undefined || promptIdx === undefined) continue;
    const key = JSON.stringify([testIdx, promptIdx, repeatIndex ?? null]);
    const twin = first.get(key);
    if (twin === undefined) first.set(key, row);
    else {
      const also = twin.line === undefined ? `in ${twin.place.replace(/: $/, "")}` : `on line ${twin.line}`;
      const message = `expected test ${String(testIdx)} of prompt ${String(promptIdx)} once; also ${also}`;
      problems.add(row.line, `${row.place}${message}`);
    }
  }
}

/** Results stand in the order in which they came in; repetitions count in the order of their tests. */
function testIndex({ fields: { testIdx } }: ResultRow): number {
  return typeof testIdx === "number" ? testIdx : 0;
}

function providerOf({ provider }: Fields): string {
  if (!isRecord(provider)) return String(provider ?? "unnamed");
  return String(provider.label || provider.id || "unnamed");
}

function modelOf({ provider }: Fields): string | null {
  const id = isRecord(provider) ? provider.id : provider;
  return typeof id === "string" && id !== "" ? id : null;
}

function promptOf({ prompt }: Fields): string {
  return isRecord(prompt) ? String(prompt.label ?? prompt.display ?? prompt.raw ?? "") : String(prompt ?? "");
}

function isWanted({ fields }: ResultRow, { provider, prompt }: ColumnChoice): boolean {
  const isProvider = provider === undefined || [providerOf(fields), modelOf(fields)].includes(provider);
  const label = promptOf(fields);
  const isPrompt = prompt === undefined || label === prompt || label.includes(prompt);
  return isProvider && isPrompt;
}

function noColumn(path: string, columns: readonly (readonly ResultRow[])[]): DatasetError {
  const first = columns.flatMap(([row]) => (row === undefined ? [] : [row.fields]));
  const providers = listNames([...new Set(first.map(providerOf))]);
  const prompts = listNames([...new Set(first.map(promptOf))].map((text) => text.slice(0, 60)));
  const message = `has no results of that provider and prompt; providers are ${providers}, prompts ${prompts}`;
  return new DatasetError([{ file: path, message: columns.length === 0 ? "has no results" : message }]);
}

interface ColumnReading {
  readonly ids: ReadonlyMap<string, string>;
  readonly input: InputChoice;
  readonly startedAt: string | null;
  readonly namesPrompt: boolean;
}

function columnRun(
  rows: readonly ResultRow[],
  reading: ColumnReading,
  problems: ProblemList,
): PromptfooColumn {
  const { ids, input, startedAt } = reading;
  const first = rows[0]?.fields ?? {};
  const [provider, prompt] = [providerOf(first), promptOf(first)];
  const firstRows = new Map(rows.toReversed().map((row) => [ids.get(testKey(row.test)) ?? "", row]));
  const drafts = [...firstRows].toReversed().map(([id, { test, fields }]) => {
    const { draft } = draftOfTest(test, id, input);
    const found = inputOfTest(test, input);
    if ("missing" in found && input.inputVar !== undefined)
      problems.add(test.line, `${test.place}${found.missing}`);
    const expect = isRecord(draft.value.expect) ? draft.value.expect : {};
    // Phrases and refusals would be held against a trial beside promptfoo's own verdict, and not quite as it does.
    const kept = Object.fromEntries(
      Object.entries(expect).filter(([key]) => key === "answer" || key === "schema"),
    );
    const { expect: _expect, ...rest } = draft.value;
    const asked = "missing" in found ? promptInput(promptText(fields.prompt)).input : null;
    const instead = asked === null ? {} : { input: asked };
    return {
      ...draft,
      value: { ...rest, ...instead, ...(Object.keys(kept).length > 0 && { expect: kept }) },
    };
  });
  const cases = checkDrafts(drafts, problems);
  const numbers = new Map<string, number>();
  const names = [...new Set(rows.flatMap(({ fields }) => Object.keys(namedScoresOf(fields))))];
  const trials = rows.map(({ fields, test }): ImportedTrial => {
    const caseId = ids.get(testKey(test)) ?? "";
    const trial = numbers.get(caseId) ?? 0;
    numbers.set(caseId, trial + 1);
    return trialOf(fields, { caseId, trial, names, startedAt });
  });
  return {
    provider,
    prompt,
    run: {
      cases,
      trials,
      agentName: reading.namesPrompt ? `${provider} · ${prompt.replace(/\s+/g, " ").slice(0, 60)}` : provider,
      model: modelOf(first),
      userModel: null,
      metrics: [],
      scoreFacts: [SCORE_FACTS, ...names.map(factsOf)],
      notes: notesOf(rows, cases.length),
    },
  };
}

const SCORE_FACTS: MetricFacts = {
  name: "promptfoo.score",
  layer: "agent",
  unit: "score",
  direction: "higher",
  aggregate: "mean",
  description:
    "Weighted mean of the scores of a test's assertions, as promptfoo computed it; mean over trials.",
};

function factsOf(name: string): MetricFacts {
  return {
    ...SCORE_FACTS,
    name: metricName(name),
    description: `Named score \`${name}\` as promptfoo computed it; mean over trials.`,
  };
}

function metricName(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, "_");
  return plain === "score" ? "promptfoo.score_named" : `promptfoo.${plain}`;
}

function namedScoresOf({ namedScores, gradingResult }: Fields): Fields {
  if (isRecord(namedScores) && Object.keys(namedScores).length > 0) return namedScores;
  return isRecord(gradingResult) && isRecord(gradingResult.namedScores) ? gradingResult.namedScores : {};
}

/** promptfoo passes a test without assertions; that is no verdict. */
function isGraded({ gradingResult, testCase, success }: Fields): boolean {
  if (success === false) return true;
  if (isRecord(gradingResult)) {
    const parts = gradingResult.componentResults;
    if (Array.isArray(parts) && parts.length > 0) return true;
    if (gradingResult.reason === "No assertions") return false;
  }
  if (isRecord(testCase)) return Array.isArray(testCase.assert) && testCase.assert.length > 0;
  return true;
}

/** Failure reason 2 is an error; older files do not say, and then it is one when nothing was answered. */
function errorOf({ failureReason, error, response, gradingResult }: Fields): string | null {
  const answer = isRecord(response) ? response : null;
  const own = answer?.error;
  const text = [own, error].find((one) => typeof one === "string" && one !== "");
  if (failureReason === 2) return typeof text === "string" ? text : "error without a message";
  if (failureReason !== undefined && failureReason !== null) return null;
  const unanswered = answer === null || answer.output === undefined || answer.output === null;
  return typeof text === "string" && unanswered && !isRecord(gradingResult) ? text : null;
}

function trialOf(
  fields: Fields,
  at: {
    readonly caseId: string;
    readonly trial: number;
    readonly names: readonly string[];
    readonly startedAt: string | null;
  },
): ImportedTrial {
  const error = errorOf(fields);
  const graded = error === null && isGraded(fields);
  const { steps, durationMs } = stepsOfResponse(fields, error === null, modelOf(fields));
  const named = namedScoresOf(fields);
  const reason = isRecord(fields.gradingResult) ? fields.gradingResult.reason : undefined;
  const detail = typeof reason === "string" && reason !== "" ? reason.slice(0, 300) : undefined;
  return {
    caseId: at.caseId,
    trial: at.trial,
    error: error === null ? null : { code: "PROMPTFOO_ERROR", message: error.split("\n")[0] ?? error },
    stopReason: error === null ? "answered" : "error",
    startedAt: at.startedAt,
    durationMs,
    steps,
    reward: graded ? (fields.success === true ? 1 : 0) : null,
    scores: {
      "promptfoo.score": graded ? scoreOf(fields.score, detail) : { value: null, reason: "no assertions" },
      ...Object.fromEntries(at.names.map((name) => [metricName(name), scoreOf(named[name], undefined)])),
    },
  };
}

function scoreOf(value: unknown, detail: string | undefined): Score {
  if (typeof value !== "number" || !Number.isFinite(value)) return { value: null, reason: "not scored" };
  return { value, ...(detail !== undefined && { detail }) };
}

function notesOf(rows: readonly ResultRow[], cases: number): readonly string[] {
  const ungraded = rows.filter(({ fields }) => errorOf(fields) === null && !isGraded(fields)).length;
  const priceless = rows.filter(({ fields }) => {
    const { cost, response } = fields;
    return (
      errorOf(fields) === null && cost === 0 && !(isRecord(response) && typeof response.cost === "number")
    );
  }).length;
  return [
    ...(rows.length > cases ? [`${rows.length} results are of ${cases} tests: repetitions are trials`] : []),
    ...(ungraded > 0
      ? [`${ungraded} results have no assertions; promptfoo passes them, here they have no task.success`]
      : []),
    ...(priceless > 0 ? [`${priceless} results state cost 0 without a price; that is taken as unknown`] : []),
  ];
}
