import { DatasetError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import type { StopReason } from "../../core/trial.js";
import { type CaseDraft, checkDrafts, plainName } from "../write-dataset.js";
import type { ImportedRun, ImportedTrial } from "./imported-run.js";
import { type InspectLog, readInspectLog } from "./inspect-file.js";
import { contentText, generatedMessages, type Resolve, stepsOf } from "./inspect-messages.js";
import {
  factsOf,
  metricOf,
  numberOf,
  rewardOf,
  type SampleScores,
  type Scale,
  sampleScores,
  scaleOf,
  scoreOf,
} from "./inspect-scores.js";
import { generationsOf } from "./inspect-usage.js";
import { ProblemList } from "./problem-list.js";
import { isRecord } from "./table-kind.js";

type Fields = Readonly<Record<string, unknown>>;

interface Sample {
  readonly fields: Fields;
  readonly place: string;
  readonly id: string;
  /** 0-based. */
  readonly trial: number;
  readonly resolve: Resolve;
  readonly scores: SampleScores;
}

/**
 * A log of Inspect as a run: samples are cases, epochs are trials. The first scorer says whether a trial succeeded,
 * unless its values are numbers on a scale.
 *
 * @param scorer - the scorer that says it instead; `undefined` for the first
 * @throws {DatasetError} with every problem of the log at once
 */
export async function readInspect(path: string, scorer: string | undefined): Promise<ImportedRun> {
  const log = await readInspectLog(path);
  const problems = new ProblemList(path);
  const samples = samplesOf(log, problems);
  const cases = checkDrafts(draftsOf(samples), problems);
  problems.throwIfAny();
  const names = [...new Set(samples.flatMap(({ scores }) => [...scores.raw.keys()]))];
  const scales = new Map(
    names.map((name): [string, Scale] => [name, scaleOf(samples.map(({ scores }) => scores.raw.get(name)))]),
  );
  const decisive = scorer ?? names[0];
  if (scorer !== undefined && !names.includes(scorer)) {
    const message = `has no scorer \`${scorer}\`${didYouMean(scorer, names) || `; it has ${listNames(names)}`}`;
    throw new DatasetError([{ file: path, message }]);
  }
  const header = isRecord(log.header.eval) ? log.header.eval : {};
  const model = typeof header.model === "string" ? header.model : null;
  return {
    cases,
    trials: samples.map((sample) => trialOf(sample, { names, scales, decisive, model })),
    agentName: typeof header.task === "string" ? header.task : null,
    model,
    userModel: null,
    metrics: [],
    scoreFacts: names.map((name) => factsOf(name, scales.get(name) ?? "numbers")),
    notes: [...notesOf(log, samples, decisive, scales), ...usageNote(samples, model)],
  };
}

function samplesOf(log: InspectLog, problems: ProblemList): readonly Sample[] {
  const taken = new Map<string, string>();
  return log.samples.flatMap((value, index): Sample[] => {
    const place = `sample ${index + 1}: `;
    const add = (message: string) => {
      problems.add(undefined, `${place}${message}`);
      return [];
    };
    if (!isRecord(value)) return add("expected an object");
    const id = value.id === undefined || value.id === null ? null : plainName(String(value.id));
    if (id === null) return add("expected an id, found none");
    const epoch = value.epoch ?? 1;
    if (typeof epoch !== "number" || !Number.isSafeInteger(epoch) || epoch < 1)
      return add(`expected epoch to be a whole number of at least 1, found ${JSON.stringify(epoch)}`);
    const key = JSON.stringify([id, epoch]);
    const twin = taken.get(key);
    if (twin !== undefined) return add(`expected ${id}, epoch ${epoch} once; also in ${twin}`);
    taken.set(key, `sample ${index + 1}`);
    const attachments = isRecord(value.attachments) ? value.attachments : {};
    const resolve: Resolve = (text) => {
      const name = /^attachment:\/\/(\S+)$/.exec(text)?.[1];
      const attached = name === undefined ? undefined : attachments[name];
      return typeof attached === "string" ? attached : text;
    };
    return [{ fields: value, place, id, trial: epoch - 1, resolve, scores: sampleScores(value) }];
  });
}

/** A case for each sample id; epochs of it say the same. */
function draftsOf(samples: readonly Sample[]): readonly CaseDraft[] {
  const drafts = new Map<string, CaseDraft>();
  for (const { id, place, fields, resolve } of samples) {
    if (drafts.has(id)) continue;
    const answer = targetOf(fields.target);
    const value = {
      id,
      input: inputOf(fields, resolve) ?? id,
      ...(answer !== null && { expect: { answer } }),
    };
    drafts.set(id, { line: undefined, place, value });
  }
  return [...drafts.values()];
}

function targetOf(target: unknown): string | null {
  const targets = (Array.isArray(target) ? target : [target]).filter(
    (one) => typeof one === "string" && one !== "",
  );
  return targets.length === 0 ? null : targets.join(" | ");
}

function inputOf({ input, choices }: Fields, resolve: Resolve): unknown {
  const offered = Array.isArray(choices)
    ? choices.map((choice, index) => `\n${String.fromCharCode(65 + index)}) ${String(choice)}`).join("")
    : "";
  if (typeof input === "string") return input === "" ? null : `${resolve(input)}${offered}`;
  if (!Array.isArray(input)) return null;
  const messages = input.filter(isRecord).flatMap(({ role, content }) => {
    const text = contentText(content, resolve);
    return role === "user" || role === "assistant" ? [{ role, content: text }] : [];
  });
  const last = messages.at(-1);
  if (messages.length === 1 && last?.role === "user") return `${last.content}${offered}` || null;
  if (last?.role === "user") return { messages };
  return messages.map(({ role, content }) => `${role}: ${content}`).join("\n") || null;
}

interface Reading {
  readonly names: readonly string[];
  readonly scales: ReadonlyMap<string, Scale>;
  readonly decisive: string | undefined;
  readonly model: string | null;
}

function trialOf({ fields, id, trial, resolve, scores }: Sample, reading: Reading): ImportedTrial {
  const { names, scales, decisive, model } = reading;
  const messages = messagesOf(fields);
  const error = isRecord(fields.error) ? String(fields.error.message ?? "unknown") : fields.error;
  const failed = typeof error === "string";
  const { generations } = generationsOf(fields, generatedMessages(messages).length, model);
  return {
    caseId: id,
    trial,
    error: failed ? { code: "INSPECT_ERROR", message: error.split("\n")[0] ?? error } : null,
    stopReason: failed ? "error" : stopReasonOf(fields.limit),
    startedAt: timeOf(fields.started_at),
    durationMs: milliseconds(fields.total_time) ?? milliseconds(fields.working_time),
    steps: stepsOf(messages, generations, model, resolve),
    reward:
      decisive === undefined ? null : rewardOf(scores.raw.get(decisive), scales.get(decisive) ?? "numbers"),
    scores: Object.fromEntries(
      names.map((name) => [metricOf(name), scoreOf(scores.raw.get(name), scores.details.get(name))]),
    ),
  };
}

/** The conversation; of a log without messages the input and the output. */
function messagesOf({ messages, input, output }: Fields): readonly unknown[] {
  if (Array.isArray(messages) && messages.length > 0) return messages;
  const asked =
    typeof input === "string" ? [{ role: "user", content: input }] : Array.isArray(input) ? input : [];
  const choice = isRecord(output) && Array.isArray(output.choices) ? (output.choices[0] as unknown) : null;
  return isRecord(choice) && isRecord(choice.message) ? [...asked, choice.message] : asked;
}

const STOPS: Readonly<Record<string, StopReason>> = {
  message: "step_limit",
  turn: "step_limit",
  time: "deadline",
  working: "deadline",
  operator: "aborted",
};

function stopReasonOf(limit: unknown): StopReason {
  const type = isRecord(limit) ? limit.type : limit;
  if (typeof type !== "string") return "answered";
  return STOPS[type] ?? "budget";
}

function milliseconds(seconds: unknown): number | null {
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

function timeOf(value: unknown): string | null {
  if (typeof value !== "string" || Number.isNaN(Date.parse(value))) return null;
  return new Date(value).toISOString();
}

function usageNote(samples: readonly Sample[], model: string | null): readonly string[] {
  const totals = samples.filter(
    ({ fields }) => generationsOf(fields, generatedMessages(messagesOf(fields)).length, model).isTotal,
  ).length;
  return totals === 0
    ? []
    : [`tokens of ${totals} samples are their total, a grader of the same model included`];
}

function notesOf(
  { header }: InspectLog,
  samples: readonly Sample[],
  decisive: string | undefined,
  scales: ReadonlyMap<string, Scale>,
): readonly string[] {
  const scale = decisive === undefined ? undefined : scales.get(decisive);
  const count = (test: (sample: Sample) => boolean) => samples.filter(test).length;
  const partial = count(({ scores }) => decisive !== undefined && scores.raw.get(decisive) === "P");
  const unread = count(({ scores }) => [...scores.raw.values()].some((value) => numberOf(value) === null));
  const invalid = count(({ fields }) => isRecord(fields.invalidation));
  const limited = count(({ fields }) => isRecord(fields.limit));
  const waited = count(({ fields: { total_time: total, working_time: working } }) => {
    return typeof total === "number" && typeof working === "number" && total > 1.1 * working;
  });
  const { status } = header;
  return [
    ...(typeof status === "string" && status !== "success"
      ? [`the eval ended with status ${status}; the log may not hold every sample`]
      : []),
    ...(decisive === undefined ? ["no sample has a score, so task.success has none"] : []),
    ...(scale === "numbers"
      ? [`${decisive} gives numbers, so task.success has no score; ${metricOf(decisive ?? "")} has them`]
      : []),
    ...(scale === "zero-one"
      ? [`${decisive} gives 0 and 1 only, which are read as failure and success`]
      : []),
    ...(partial > 0
      ? [`${partial} partly right samples are no success; ${metricOf(decisive ?? "")} counts them .5`]
      : []),
    ...(unread > 0 ? [`${unread} samples have a score that is no number; it is left out`] : []),
    ...(invalid > 0 ? [`${invalid} samples are marked invalid in the log and count all the same`] : []),
    ...(limited > 0 ? [`${limited} samples reached a limit`] : []),
    ...(waited > 0
      ? [`latency holds the waits for other samples and rate limits, of ${waited} samples`]
      : []),
  ];
}
