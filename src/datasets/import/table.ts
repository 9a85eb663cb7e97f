import { contentHash, type Json } from "../../core/hash.js";
import { listNames } from "../../core/nearest.js";
import type { MetricFacts, Score } from "../../core/score.js";
import { flatCaseId } from "../normalise-case.js";
import { type CaseDraft, checkDrafts, plainName } from "../write-dataset.js";
import type { ImportedRun, ImportedStep, ImportedTrial } from "./imported-run.js";
import { ProblemList } from "./problem-list.js";
import type { TableRow } from "./table-file.js";
import { isTrialTarget, type Mapping, scoreOf } from "./table-mapping.js";
import { convert, found } from "./table-values.js";

/** A golden set that was read from another tool's file. */
export interface ImportedDataset {
  /** Checked: every line is a case of a golden set. */
  readonly drafts: readonly CaseDraft[];
  /** What a reader must know of what was left out or read in a certain way, one sentence each. */
  readonly notes: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

interface MappedRow {
  readonly line: number;
  readonly values: Values;
}

/**
 * The golden set that a mapping makes of a table. Rows that make the same case, trials of it, count once.
 *
 * @throws {DatasetError} with every problem of the table at once
 */
export function tableDataset(
  file: string,
  rows: readonly TableRow[],
  mappings: readonly Mapping[],
): ImportedDataset {
  const problems = new ProblemList(file);
  const mapped = mapRows(rows, mappings, problems);
  const { drafts } = draftsOf(mapped, problems, true);
  checkDrafts(drafts, problems);
  problems.throwIfAny();
  const unused = mappings.filter(({ target }) => isTrialTarget(target)).map(({ target }) => target);
  return {
    drafts,
    notes: [
      ...(drafts.length === rows.length ? [] : [`${rows.length} rows make ${drafts.length} cases`]),
      ...(unused.length === 0
        ? []
        : [`a golden set has no place for ${listNames(unused)}; without --dataset they become a run`]),
    ],
  };
}

/**
 * The run that a mapping makes of a table: a trial for each row.
 *
 * @throws {DatasetError} with every problem of the table at once
 */
export function tableRun(file: string, rows: readonly TableRow[], mappings: readonly Mapping[]): ImportedRun {
  const problems = new ProblemList(file);
  const mapped = mapRows(rows, mappings, problems);
  const { drafts, ids } = draftsOf(mapped, problems, false);
  const cases = checkDrafts(drafts, problems);
  const texts = new Map(cases.map(({ id, input }) => [id, input.kind === "text" ? input.text : id]));
  const counted = mapped.flatMap(({ values }) => (typeof values.trial === "number" ? [values.trial] : []));
  const first = counted.length > 0 && counted.every((number) => number >= 1) ? 1 : 0;
  const scoreNames = mappings.flatMap(({ target }) => scoreOf(target) ?? []);
  const taken = new Map<string, number>();
  const trials = mapped.flatMap(({ line, values }, index): ImportedTrial[] => {
    const caseId = ids[index];
    if (caseId === undefined) return [];
    const trial = typeof values.trial === "number" ? values.trial - first : 0;
    const key = JSON.stringify([caseId, trial]);
    const twin = taken.get(key);
    if (twin !== undefined) {
      const step = "trial" in values ? "" : "; map the column that counts repetitions with --map trial=…";
      const shown = "trial" in values ? ` trial ${trial + first}` : "";
      problems.add(line, `expected ${JSON.stringify(caseId)}${shown} once; also on line ${twin}${step}`);
      return [];
    }
    taken.set(key, line);
    return [trialOf({ caseId, trial, input: texts.get(caseId) ?? caseId }, values, scoreNames)];
  });
  problems.throwIfAny();
  return {
    cases,
    trials,
    agentName: null,
    model: null,
    userModel: null,
    metrics: mappings.some(({ target }) => target === "retrieved") ? ["retrieval.*"] : [],
    scoreFacts: factsOf(mappings, rows),
    notes: notesOf(mappings, first),
  };
}

/** Expectations that task.success holds a trial to, beside the success that the table states. */
const DEMANDS = /^expect\.(must_include|must_not_include|outputs|sources|refusal|tool_calls)$/;

function notesOf(mappings: readonly Mapping[], firstTrial: number): readonly string[] {
  const targets = mappings.map(({ target }) => target);
  const demands = targets.filter((target) => DEMANDS.test(target));
  return [
    ...(firstTrial === 1 ? ["trials are numbered from 1 in the file and from 0 here"] : []),
    ...(targets.includes("score.success") && demands.length > 0
      ? [`task.success wants both: score.success, and ${listNames(demands)} met`]
      : []),
  ];
}

function mapRows(
  rows: readonly TableRow[],
  mappings: readonly Mapping[],
  problems: ProblemList,
): readonly MappedRow[] {
  const filled = new Set<string>();
  const mapped = rows.map(({ line, value }) => {
    const values: Record<string, unknown> = {};
    for (const { target, kind, expression, read } of mappings) {
      const at = `\`${expression}\` for ${target}`;
      let raw: unknown;
      try {
        raw = read(value);
      } catch (error) {
        problems.add(line, `${at}: ${(error as Error).message}`);
        filled.add(target);
        continue;
      }
      const converted = convert(raw, kind);
      if (raw !== null && raw !== undefined) filled.add(target);
      if ("wanted" in converted)
        problems.add(line, `${at}: expected ${converted.wanted}, found ${found(raw)}`);
      else if (converted.value !== undefined) values[target] = converted.value;
    }
    checkRange(values, line, problems);
    return { line, values };
  });
  for (const { target, expression } of mappings) {
    if (filled.has(target)) continue;
    const keys = listNames([...new Set(rows.slice(0, 20).flatMap(({ value }) => Object.keys(value)))]);
    problems.add(
      undefined,
      `\`${expression}\` for ${target} gives nothing on any of ${rows.length} rows; they have ${keys}`,
    );
  }
  return mapped;
}

function checkRange(values: Record<string, unknown>, line: number, problems: ProblemList): void {
  for (const target of ["duration_ms", "cost_usd"]) {
    const value = values[target];
    if (typeof value === "number" && value < 0)
      problems.add(line, `${target}: expected 0 or more, found ${value}`);
  }
  const start = values.started_at;
  if (typeof start === "string" && start.trim() !== "" && Number.isNaN(Date.parse(start)))
    problems.add(line, `started_at: expected an ISO 8601 time, found ${found(start)}`);
}

/** A case for each id, and the id of each row; `undefined` for a row without one. */
function draftsOf(
  rows: readonly MappedRow[],
  problems: ProblemList,
  needsInput: boolean,
): { readonly drafts: readonly CaseDraft[]; readonly ids: readonly (string | undefined)[] } {
  const drafts = new Map<string, { readonly draft: CaseDraft; readonly hash: string }>();
  const ids = rows.map(({ line, values }) => {
    const id = idOf(values);
    if (id === null) {
      problems.add(line, "expected an id or an input, found neither; the row makes no case");
      return undefined;
    }
    if (needsInput && values.input === undefined) {
      problems.add(line, "expected an input, found none; map it with --map input=…");
      return undefined;
    }
    const value = caseOf(id, values);
    const hash = contentHash(JSON.parse(JSON.stringify(value)) as Json);
    const known = drafts.get(id);
    if (known === undefined) drafts.set(id, { draft: { line, place: "", value }, hash });
    else if (known.hash !== hash) {
      const also = `on line ${known.draft.line} it has another input, expectation or tag`;
      problems.add(line, `expected rows of case ${JSON.stringify(id)} to say the same; ${also}`);
    }
    return id;
  });
  return { drafts: [...drafts.values()].map(({ draft }) => draft), ids };
}

function idOf({ id, input }: Values): string | null {
  if (typeof id === "string") return plainName(id);
  if (input === undefined) return null;
  return flatCaseId(typeof input === "string" ? input : JSON.stringify(input));
}

function caseOf(id: string, values: Values): CaseDraft["value"] {
  const expect: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [target, value] of Object.entries(values)) {
    if (isTrialTarget(target) || target === "id" || target === "input") continue;
    if (target.startsWith("expect.")) expect[target.slice("expect.".length)] = value;
    else rest[target] = value;
  }
  const { input = id } = values;
  return {
    id,
    input: Array.isArray(input) ? { messages: input } : input,
    ...(Object.keys(expect).length > 0 && { expect }),
    ...rest,
  };
}

function trialOf(
  { caseId, trial, input }: { readonly caseId: string; readonly trial: number; readonly input: string },
  values: Values,
  scoreNames: readonly string[],
): ImportedTrial {
  const { output, error, started_at: start, retrieved } = values;
  const success = values["score.success"];
  const durationMs = typeof values.duration_ms === "number" ? values.duration_ms : null;
  const steps: ImportedStep[] = [{ kind: "user", text: input }];
  if (Array.isArray(retrieved)) {
    const chunks = retrieved.map((id, rank) => ({ documentId: String(id), score: -rank }));
    steps.push({ kind: "retrieval", query: input, chunks });
  }
  if (output !== undefined || values.cost_usd !== undefined || values.input_tokens !== undefined) {
    steps.push({
      kind: "model",
      speaker: "agent",
      text: typeof output === "string" ? output : null,
      toolCalls: [],
      usage: usageOf(values),
      costUsd: typeof values.cost_usd === "number" ? values.cost_usd : null,
      durationMs,
      model: null,
    });
  }
  const failed = typeof error === "string" && error.trim() !== "";
  return {
    caseId,
    trial,
    error: failed ? { code: "IMPORTED_ERROR", message: error } : null,
    stopReason: failed ? "error" : "answered",
    startedAt: typeof start === "string" && start.trim() !== "" ? new Date(start).toISOString() : null,
    durationMs,
    steps,
    reward: typeof success === "boolean" ? (success ? 1 : 0) : null,
    scores: scoresOf(values, scoreNames),
  };
}

function usageOf({ input_tokens: input, output_tokens: output }: Values) {
  if (typeof input !== "number" || typeof output !== "number") return null;
  return { inputTokens: input, outputTokens: output };
}

function scoresOf(values: Values, names: readonly string[]): Readonly<Record<string, Score>> {
  return Object.fromEntries(
    names.map((name): [string, Score] => {
      const value = values[`score.${name}`];
      return [`table.${name}`, typeof value === "number" ? { value } : { value: null, reason: "blank" }];
    }),
  );
}

function factsOf(mappings: readonly Mapping[], rows: readonly TableRow[]): readonly MetricFacts[] {
  return mappings.flatMap(({ target, expression, read }) => {
    const name = scoreOf(target);
    if (name === null) return [];
    const isTruth = rows.every(({ value }) => ["boolean", "object"].includes(typeof read(value)));
    return [
      {
        name: `table.${name}`,
        layer: "agent",
        unit: isTruth ? "proportion" : "score",
        direction: "higher",
        aggregate: isTruth ? "proportion" : "mean",
        description: `The table's \`${expression}\`; ${isTruth ? "share of trials" : "mean over trials"}.`,
      } as const,
    ];
  });
}
