import { listNames } from "../../core/nearest.js";
import type { MetricFacts, Score } from "../../core/score.js";
import { type CaseDraft, checkDrafts, plainName } from "../write-dataset.js";
import type { ImportedRun, ImportedStep, ImportedTrial } from "./imported-run.js";
import { idealAnswer, promptInput } from "./openai-evals-prompt.js";
import { ProblemList } from "./problem-list.js";
import type { ImportedDataset } from "./table.js";
import type { TableRow } from "./table-file.js";
import { isRecord } from "./table-kind.js";

type Fields = Readonly<Record<string, unknown>>;

/** What a log says of one sample. */
interface SampleEvents {
  readonly id: string;
  /** Line of its first event. */
  readonly line: number;
  readonly matches: Fields[];
  readonly samplings: Fields[];
  readonly metrics: Fields[];
  readonly errors: Fields[];
}

interface EvalsLog {
  readonly spec: Fields;
  readonly samples: readonly SampleEvents[];
  readonly drafts: readonly CaseDraft[];
  readonly notes: readonly string[];
}

/** Whether rows are a log of a run, rather than samples. */
export function isEvalsLog(rows: readonly TableRow[]): boolean {
  return rows.some(({ value }) => isRecord(value.spec) || ("sample_id" in value && "type" in value));
}

/**
 * A log of OpenAI evals as a run: each sample is a case with one trial, which succeeded when `match` says so, or the
 * metric `accuracy` is 1 where there is no match.
 *
 * @throws {DatasetError} with every problem of the log at once
 */
export function openaiEvalsRun(path: string, rows: readonly TableRow[]): ImportedRun {
  const problems = new ProblemList(path);
  const log = readLog(rows, problems);
  const cases = checkDrafts(log.drafts, problems);
  problems.throwIfAny();
  const { spec, samples } = log;
  const keys = [...new Set(samples.flatMap(({ metrics }) => metrics.flatMap(Object.keys)))].filter((key) =>
    samples.some(({ metrics }) => metricValue(metrics, key) !== null),
  );
  const fns = Array.isArray(spec.completion_fns) ? spec.completion_fns : [spec.model_name];
  return {
    cases,
    trials: samples.map((sample) => trialOf(sample, keys)),
    agentName: typeof spec.eval_name === "string" ? spec.eval_name : null,
    model: typeof fns[0] === "string" ? fns[0] : null,
    userModel: null,
    metrics: [],
    scoreFacts: keys.map((key) => factsOf(key, samples)),
    notes: [...log.notes, ...runNotes(samples)],
  };
}

/** The golden set that the samples of a log make. */
export function openaiEvalsLogDataset(path: string, rows: readonly TableRow[]): ImportedDataset {
  const problems = new ProblemList(path);
  const { drafts, notes } = readLog(rows, problems);
  checkDrafts(drafts, problems);
  problems.throwIfAny();
  return { drafts, notes };
}

function readLog(rows: readonly TableRow[], problems: ProblemList): EvalsLog {
  const samples = new Map<string, SampleEvents>();
  const others = new Map<string, number>();
  const seen = new Map<string, number>();
  const specs = rows.filter(({ value }) => isRecord(value.spec));
  for (const { line } of specs.slice(1)) {
    problems.add(line, `expected one run a file; another starts on line ${specs[0]?.line}: split the file`);
  }
  for (const { line, value } of rows) {
    if (isRecord(value.spec) || "final_report" in value) continue;
    const { sample_id: sampleId, type, data, event_id: eventId } = value;
    const id = sampleId === null || sampleId === undefined ? null : plainName(String(sampleId));
    if (id === null || typeof type !== "string") {
      problems.add(line, "expected an event with `sample_id` and `type`, or `spec` or `final_report`");
      continue;
    }
    const key = JSON.stringify([id, type, eventId ?? null]);
    const twin = eventId === undefined ? undefined : seen.get(key);
    if (twin !== undefined) {
      problems.add(line, `expected event ${String(eventId)} of ${id} once; also on line ${twin}`);
      continue;
    }
    seen.set(key, line);
    const sample = samples.get(id) ?? { id, line, matches: [], samplings: [], metrics: [], errors: [] };
    samples.set(id, sample);
    const list = listOf(sample, type);
    if (list === null) others.set(type, (others.get(type) ?? 0) + 1);
    else if (!isRecord(data)) problems.add(line, `expected \`data\` of the ${type} event to be an object`);
    else list.push(data);
  }
  if (samples.size === 0 && problems.isEmpty)
    problems.add(undefined, "has no events of samples: the run ended before its first");
  return {
    spec: isRecord(specs[0]?.value.spec) ? specs[0].value.spec : {},
    samples: [...samples.values()],
    drafts: [...samples.values()].map(draftOf),
    notes:
      others.size === 0
        ? []
        : [`events that were left out: ${[...others].map(([type, n]) => `${n} ${type}`).join(", ")}`],
  };
}

function listOf(sample: SampleEvents, type: string): Fields[] | null {
  if (type === "match") return sample.matches;
  if (type === "sampling") return sample.samplings;
  if (type === "metrics") return sample.metrics;
  return type === "error" ? sample.errors : null;
}

function draftOf({ id, line, matches, samplings }: SampleEvents): CaseDraft {
  const { input } = promptInput(samplings[0]?.prompt ?? matches[0]?.prompt);
  const answer = idealAnswer(matches[0]?.expected);
  return {
    line,
    place: "",
    value: { id, input: input ?? id, ...(answer !== null && { expect: { answer } }) },
  };
}

/** The grader of a model-graded eval samples last, under the same id. */
function isGraded({ metrics, samplings }: SampleEvents): boolean {
  return samplings.length > 1 && metrics.some((data) => "choice" in data);
}

function trialOf(sample: SampleEvents, keys: readonly string[]): ImportedTrial {
  const { id, samplings, matches, errors } = sample;
  const agent = isGraded(sample) ? samplings.slice(0, -1) : samplings;
  const error = errors[0];
  const { input } = promptInput(samplings[0]?.prompt ?? matches[0]?.prompt);
  const replies = agent.length > 0 ? agent : matches.slice(0, 1);
  return {
    caseId: id,
    trial: 0,
    error:
      error === undefined
        ? null
        : {
            code: "EVALS_ERROR",
            message: `${String(error.type ?? "error")}: ${String(error.message ?? "")}`,
          },
    stopReason: error === undefined ? "answered" : "error",
    startedAt: null,
    durationMs: null,
    steps: [
      { kind: "user", text: typeof input === "string" ? input : userTexts(input) || id },
      ...replies.map(
        (data): ImportedStep => ({
          kind: "model",
          speaker: "agent",
          text: sampledText(data.sampled ?? data.picked),
          toolCalls: [],
          usage: usageOf(data.usage),
          costUsd: null,
          durationMs: null,
          model: typeof data.model === "string" ? data.model : null,
        }),
      ),
    ],
    reward: rewardOf(sample),
    scores: Object.fromEntries(
      keys.map((key): [string, Score] => {
        const value = metricValue(sample.metrics, key);
        return [metricName(key), value === null ? { value: null, reason: "not recorded" } : { value }];
      }),
    ),
  };
}

function userTexts(input: unknown): string {
  const messages = isRecord(input) && Array.isArray(input.messages) ? input.messages.filter(isRecord) : [];
  return String(messages.at(-1)?.content ?? "");
}

function sampledText(sampled: unknown): string | null {
  const first: unknown = Array.isArray(sampled) ? sampled[0] : sampled;
  if (first === null || first === undefined) return null;
  return typeof first === "string" ? first : JSON.stringify(first);
}

function usageOf(usage: unknown) {
  if (!isRecord(usage)) return null;
  const { prompt_tokens: input, completion_tokens: output } = usage;
  if (typeof input !== "number" || typeof output !== "number") return null;
  return { inputTokens: input, outputTokens: output };
}

/** A sample with several matches succeeded when all of them did. */
function rewardOf({ matches, metrics }: SampleEvents): 0 | 1 | null {
  const verdicts = matches.map(({ correct }) => correct).filter((one) => typeof one === "boolean");
  if (verdicts.length > 0) return verdicts.every(Boolean) ? 1 : 0;
  const accuracy = metricValue(metrics, "accuracy");
  return accuracy === 0 || accuracy === 1 ? accuracy : null;
}

function metricValue(metrics: readonly Fields[], key: string): number | null {
  const value = metrics.findLast((data) => key in data)?.[key];
  if (typeof value === "boolean") return Number(value);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function metricName(key: string): string {
  return `openai_evals.${key.replace(/[^\w.-]+/g, "_")}`;
}

function factsOf(key: string, samples: readonly SampleEvents[]): MetricFacts {
  const isShare = samples.every(({ metrics }) =>
    metrics.every((data) => !(key in data) || typeof data[key] === "boolean"),
  );
  return {
    name: metricName(key),
    layer: "agent",
    unit: isShare ? "proportion" : "score",
    direction: "higher",
    aggregate: isShare ? "proportion" : "mean",
    description: `The metric \`${key}\` as OpenAI evals recorded it; mean over samples.`,
  };
}

function runNotes(samples: readonly SampleEvents[]): readonly string[] {
  const several = samples.filter(({ matches }) => matches.length > 1).map(({ id }) => id);
  const unjudged = samples
    .filter((one) => one.errors.length === 0 && rewardOf(one) === null)
    .map(({ id }) => id);
  const graded = samples.filter(isGraded).length;
  return [
    ...(several.length > 0
      ? [`${several.length} samples have several matches, and succeed when all do: ${listNames(several, 5)}`]
      : []),
    ...(unjudged.length > 0
      ? [`${unjudged.length} samples have no verdict, so no task.success: ${listNames(unjudged, 5)}`]
      : []),
    ...(graded > 0
      ? [`the last sampling of ${graded} graded samples is the grader's, and was left out`]
      : []),
  ];
}
