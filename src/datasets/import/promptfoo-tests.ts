import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { describeFound, YAML_WORDS } from "../../config/found-and-wanted.js";
import { DatasetError } from "../../core/errors.js";
import { locateJsonError } from "../locate-json-error.js";
import type { ProblemList } from "./problem-list.js";
import { assertionOfText } from "./promptfoo-assertions.js";
import type { PromptfooTest } from "./promptfoo-cases.js";
import { readCsv, readJsonLines, type TableRow } from "./table-file.js";
import { isRecord } from "./table-kind.js";
import { parsePythonJson } from "./table-python-json.js";

type Fields = Readonly<Record<string, unknown>>;

/** A test as it is written, with its place. */
export interface RawTest {
  readonly line: number | undefined;
  readonly place: string;
  readonly value: unknown;
}

/**
 * The tests of a configuration: its list, files that it names, and scenarios; defaults merged in, lists of variables
 * expanded to one test for each combination, as promptfoo does.
 *
 * @param path - of the configuration; files are looked for beside it
 * @param rows - the tests of a file that has one a line, in the place of the configuration's
 */
export async function testsOfConfig(
  config: Fields,
  path: string,
  problems: ProblemList,
  rows?: readonly RawTest[],
): Promise<readonly PromptfooTest[]> {
  const folder = dirname(path);
  const defaults =
    typeof config.defaultTest === "string"
      ? await loadValue(config.defaultTest, folder, problems)
      : config.defaultTest;
  const raw = [...(rows ?? (await rawTests(config.tests, folder, problems)))];
  const scenarios = Array.isArray(config.scenarios) ? config.scenarios.filter(isRecord) : [];
  for (const [index, scenario] of scenarios.entries()) {
    const rows = Array.isArray(scenario.config) ? scenario.config.filter(isRecord) : [{}];
    const tests = await rawTests(scenario.tests ?? [{}], folder, problems);
    for (const row of rows) {
      for (const test of tests)
        raw.push({ ...test, place: `scenario ${index + 1}, ${test.place}`, value: merged(row, test.value) });
    }
  }
  const templates = isRecord(config.assertionTemplates) ? config.assertionTemplates : {};
  return raw.flatMap((test) => expand(test, defaults, { templates, folder, problems }));
}

async function rawTests(tests: unknown, folder: string, problems: ProblemList): Promise<RawTest[]> {
  if (tests === undefined || tests === null) return [];
  const list = Array.isArray(tests) ? tests : [tests];
  const found: RawTest[] = [];
  for (const [index, test] of list.entries()) {
    const place = `test ${index + 1}: `;
    const reference = isRecord(test) && typeof test.path === "string" ? test.path : test;
    if (typeof reference === "string") found.push(...(await testsOfFile(reference, folder, problems)));
    else found.push({ line: undefined, place, value: test });
  }
  return found;
}

/** The tests of a file of tests: CSV, JSONL, YAML or JSON. */
async function testsOfFile(reference: string, folder: string, problems: ProblemList): Promise<RawTest[]> {
  const name = reference.replace(/^file:\/\//, "");
  const matching = filesOf(name, folder);
  if (matching.length > 0) {
    const found = await Promise.all(matching.map((one) => testsOfFile(one, folder, problems)));
    return found.flat();
  }
  if (/[*?]/.test(name) || !/\.(csv|jsonl|ya?ml|json)$/.test(name)) {
    const wanted = "expected tests in a CSV, JSONL, YAML or JSON file";
    const next = "run `promptfoo eval -o results.json`, and import that";
    problems.add(undefined, `${wanted}, found \`${reference}\`; ${next}`);
    return [];
  }
  const path = resolve(folder, name);
  // The lines of another file would look like lines of this one.
  const shown = (tests: readonly RawTest[]) =>
    tests.map((test) => ({
      ...test,
      line: undefined,
      place: `${name}${test.line === undefined ? `: ${test.place}` : `:${test.line}: `}`,
    }));
  if (name.endsWith(".csv")) return shown(testsOfCsv((await readCsv(path, ",")).rows));
  if (name.endsWith(".jsonl")) return shown(testsOfLines(await readJsonLines(path)));
  const value = await loadValue(name, folder, problems);
  return shown(await rawTests(value, dirname(path), problems));
}

/** Files that a pattern such as `tests/*.yaml` names, in the order of their names; none for a plain name. */
function filesOf(pattern: string, folder: string): readonly string[] {
  const file = basename(pattern);
  if (!file.includes("*") || dirname(pattern).includes("*")) return [];
  const parts = file.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const names = new RegExp(`^${parts.join(".*")}$`);
  try {
    const all = readdirSync(resolve(folder, dirname(pattern)));
    return all
      .filter((name) => names.test(name))
      .sort()
      .map((name) => join(dirname(pattern), name));
  } catch {
    return [];
  }
}

/** Rows of a JSONL file as tests. */
export function testsOfLines(rows: readonly TableRow[]): RawTest[] {
  return rows.map(({ line, value }) => ({ line, place: "", value }));
}

/** Rows of CSV as tests: columns are variables, those that begin with `__` say what is expected. */
export function testsOfCsv(rows: readonly TableRow[]): RawTest[] {
  return rows.map(({ line, value }) => {
    const vars: Record<string, unknown> = {};
    const metadata: Record<string, unknown> = {};
    const test: Record<string, unknown> = {};
    const assert: Fields[] = [];
    for (const [column, cell] of Object.entries(value)) {
      const key = /^__metadata:([^[\]]+)/.exec(column)?.[1];
      if (/^__expected\d*$/.test(column)) assert.push(assertionOfText(String(cell)));
      else if (key !== undefined) metadata[key] = cell;
      else if (column === "__description") test.description = cell;
      else if (column === "__threshold") test.threshold = Number(cell);
      else if (!column.startsWith("__")) vars[column] = cell;
    }
    return { line, place: "", value: { ...test, vars, assert, metadata } };
  });
}

async function loadValue(reference: string, folder: string, problems: ProblemList): Promise<unknown> {
  const name = reference.replace(/^file:\/\//, "");
  try {
    return parse(readFileSync(resolve(folder, name), "utf8"), { logLevel: "error" });
  } catch (error) {
    problems.add(undefined, `cannot read \`${name}\`: ${(error as Error).message.split("\n")[0]}`);
    return undefined;
  }
}

/** Defaults under a test: its own variables and metadata win, assertions add up. */
function merged(defaults: unknown, test: unknown): unknown {
  if (!isRecord(defaults) || !isRecord(test)) return isRecord(test) ? test : defaults;
  const record = (value: unknown) => (isRecord(value) ? value : {});
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  return {
    ...defaults,
    ...test,
    vars: { ...record(defaults.vars), ...record(test.vars) },
    metadata: { ...record(defaults.metadata), ...record(test.metadata) },
    assert: [...list(defaults.assert), ...list(test.assert)],
  };
}

interface Surroundings {
  readonly templates: Fields;
  readonly folder: string;
  readonly problems: ProblemList;
}

function expand(raw: RawTest, defaults: unknown, around: Surroundings): readonly PromptfooTest[] {
  const { line, place } = raw;
  if (!isRecord(raw.value)) {
    around.problems.add(line, `${place}expected a test, found ${describeFound(raw.value, YAML_WORDS)}`);
    return [];
  }
  const test = merged(defaults, raw.value) as Fields;
  if (typeof test.vars === "string" || Array.isArray(test.vars)) {
    around.problems.add(
      line,
      `${place}expected vars to be a mapping; put the variables of the file into the test`,
    );
    return [];
  }
  const vars = isRecord(test.vars) ? test.vars : {};
  const options = isRecord(test.options) ? test.options : {};
  const combinations = options.disableVarExpansion === true ? [vars] : combinationsOf(vars);
  const assert = Array.isArray(test.assert) ? test.assert.map((one) => withFile(one, around)) : [];
  return combinations.map((each) => ({
    line,
    place,
    vars: Object.fromEntries(
      Object.entries(each).map(([key, value]) => [key, fileText(value, around.folder)]),
    ),
    assert,
    description: typeof test.description === "string" ? test.description : null,
    metadata: isRecord(test.metadata) ? test.metadata : {},
    threshold: test.threshold,
  }));
}

/** Every way to take one item of each variable that is a list of texts. */
function combinationsOf(vars: Fields): readonly Fields[] {
  return Object.entries(vars).reduce<readonly Fields[]>(
    (combined, [name, value]) => {
      const isList = Array.isArray(value) && value.length > 0 && value.every((item) => !isRecord(item));
      const items: readonly unknown[] = isList ? value : [value];
      return combined.flatMap((one) => items.map((item) => ({ ...one, [name]: item })));
    },
    [{}],
  );
}

function withFile(assertion: unknown, { templates, folder }: Surroundings): unknown {
  if (typeof assertion === "string") return assertionOfText(assertion);
  if (!isRecord(assertion)) return assertion;
  const name = typeof assertion.$ref === "string" ? basename(assertion.$ref) : null;
  const template = name === null ? undefined : templates[name];
  const whole: Fields = isRecord(template) ? { ...template, ...assertion } : assertion;
  return { ...whole, value: fileText(whole.value, folder) };
}

/** The content of a text, JSON or YAML file that a value names; other values stay as they are. */
function fileText(value: unknown, folder: string): unknown {
  const name = typeof value === "string" ? /^file:\/\/(.+\.(txt|md|json|ya?ml))$/.exec(value) : null;
  if (name === null) return value;
  try {
    const text = readFileSync(resolve(folder, name[1] ?? ""), "utf8");
    return /^(txt|md)$/.test(name[2] ?? "") ? text.trim() : parse(text);
  } catch {
    return value;
  }
}

/** A configuration, list of tests or results in YAML or JSON. */
export function parseYaml(path: string, text: string): unknown {
  if (path.endsWith(".json")) {
    const parsed = parsePythonJson(text);
    if ("value" in parsed) return parsed.value;
    const found = locateJsonError(text);
    const line = found === null ? 1 : text.slice(0, found.offset).split("\n").length;
    throw new DatasetError([
      { file: path, line, message: `is not valid JSON: ${found?.message ?? parsed.error.message}` },
    ]);
  }
  try {
    return parse(text, { logLevel: "error", merge: true });
  } catch (error) {
    const { linePos, message } = error as Error & { readonly linePos?: readonly { readonly line: number }[] };
    const line = linePos?.[0]?.line ?? 1;
    throw new DatasetError([{ file: path, line, message: `is not valid YAML: ${message.split("\n")[0]}` }], {
      cause: error,
    });
  }
}
