import type { GoldenCase } from "../../core/golden-case.js";
import { NOTHING_EXPECTED } from "../../core/golden-case.js";
import type { CaseContent } from "../../datasets/case-hash.js";
import type { ImportedRun, ImportedStep, ImportedTrial } from "../../datasets/import/imported-run.js";
import type { RunReport } from "../../report/run-report.js";
import { SpanPrices } from "../../runtime/external/otlp/call-cost.js";
import { readTrace, type TraceReading } from "../../runtime/external/otlp/read-trace.js";
import {
  beginOf,
  type RecordedTraces,
  readRecordedTraces,
} from "../../runtime/external/otlp/recorded-traces.js";
import type { Span } from "../../runtime/external/otlp/span.js";
import { type TraceFacts, traceFacts } from "../../runtime/external/otlp/trace-facts.js";
import { readDatasetFile } from "../dataset/dataset-file.js";
import { type ImportNameFlags, named } from "./import-named.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";

export interface ImportOtlpFlags extends ImportFlags, ImportNameFlags {
  /** Golden set whose cases the traces are matched with, by what the user says first. */
  readonly cases?: string;
}

/** One message of the user and what the agent made of it. */
interface Turn {
  readonly spans: readonly Span[];
  readonly facts: TraceFacts;
  readonly reading: TraceReading;
}

/**
 * Stores recorded OpenTelemetry traces as a run: each trace is a turn, the turns of one conversation are a trial.
 *
 * @throws {DatasetError} with every problem of the files at once; nothing is then stored
 */
export function importOtlp(
  file: string,
  flags: ImportOtlpFlags,
  services: ImportServices,
): Promise<RunReport> {
  const read = async (path: string): Promise<ImportedRun> => {
    const golden =
      flags.cases === undefined
        ? null
        : (await readDatasetFile(flags.cases, services.workingDirectory)).cases;
    const recorded = await readRecordedTraces(path);
    const prices = new SpanPrices(() => services.clock.now());
    const turns: Turn[] = [];
    for (const spans of recorded.traces) {
      turns.push({ spans, facts: traceFacts(spans), reading: await readTrace(spans, null, prices) });
    }
    return named(runOf(recorded, turns, golden), flags);
  };
  return importRun(file, "otlp", read, flags, services);
}

function runOf(
  { rejected, duplicates }: RecordedTraces,
  turns: readonly Turn[],
  golden: readonly GoldenCase[] | null,
): ImportedRun {
  const conversations = conversationsOf(turns);
  const cases = new Map<string, CaseContent>();
  const trials: ImportedTrial[] = [];
  const counts = new Map<string, number>();
  let unmatched = 0;
  for (const [id, own] of conversations) {
    const said = own.map(({ facts }) => facts.userText);
    const content = golden === null ? caseOf(id, said) : matching(golden, said[0] ?? null);
    if (content === null) {
      unmatched += 1;
      continue;
    }
    cases.set(content.id, content);
    const trial = counts.get(content.id) ?? 0;
    counts.set(content.id, trial + 1);
    trials.push(trialOf(content.id, trial, own));
  }
  const models = new Set(
    turns.flatMap(({ reading }) =>
      reading.steps.flatMap((step) => (step.kind === "model" ? [step.model] : [])),
    ),
  );
  const failedCalls = turns
    .flatMap(({ reading }) => reading.steps)
    .filter((step) => step.kind === "model" && step.error !== null).length;
  const [model] = models;
  return {
    cases: [...cases.values()],
    trials,
    agentName: turns.map(({ facts }) => facts.agentName).find((name) => name !== null) ?? null,
    model: models.size === 1 && model !== undefined ? model : null,
    userModel: null,
    metrics: [],
    scoreFacts: [],
    notes: [
      ...noteOf(unmatched, "conversations that begin like no case were left out"),
      ...noteOf(failedCalls, "model calls that failed were left out"),
      ...noteOf(rejected, "spans without valid ids were left out"),
      ...noteOf(duplicates, "spans that stood twice count once"),
    ],
  };
}

function noteOf(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${what}: ${count}`];
}

/** Traces that name no conversation are one each. */
function conversationsOf(turns: readonly Turn[]): ReadonlyMap<string, readonly Turn[]> {
  const conversations = new Map<string, Turn[]>();
  for (const turn of turns) {
    const id = turn.facts.conversationId ?? turn.spans[0]?.traceId ?? "";
    conversations.set(id, [...(conversations.get(id) ?? []), turn]);
  }
  return conversations;
}

const NOT_RECORDED = "(what the user said was not recorded)";

function caseOf(id: string, said: readonly (string | null)[]): CaseContent {
  const texts = said.map((text) => text ?? NOT_RECORDED);
  const [only = NOT_RECORDED] = texts;
  return {
    id,
    input: texts.length === 1 ? { kind: "text", text: only } : { kind: "user", goal: only, script: texts },
    expect: NOTHING_EXPECTED,
    environment: null,
    risk: null,
    tags: [],
    group: id,
    split: "dev",
    review: null,
  };
}

function matching(golden: readonly GoldenCase[], said: string | null): CaseContent | null {
  const found = golden.find(({ input }) => {
    if (input.kind === "text") return input.text === said;
    if (input.kind === "messages") return input.messages.at(-1)?.content === said;
    return (input.script?.[0] ?? input.goal) === said;
  });
  if (found === undefined || said === null) return null;
  const { line, hash, ...content } = found;
  return content;
}

/** A conversation with a turn that lacks its root or its answer is an error: nobody knows what else it lacks. */
function trialOf(caseId: string, trial: number, turns: readonly Turn[]): ImportedTrial {
  const error = turns.map(errorOf).find((one) => one !== null) ?? null;
  const [first] = turns;
  const times = turns.map(({ facts }) =>
    facts.root === null ? null : facts.root.endNano - facts.root.startNano,
  );
  return {
    caseId,
    trial,
    error,
    stopReason: error === null ? "answered" : "error",
    startedAt: first === undefined ? null : new Date(Number(beginOf(first.spans) / 1_000_000n)).toISOString(),
    durationMs: times.some((time) => time === null || time < 0n)
      ? null
      : times.reduce<number>((sum, time) => sum + Number(time ?? 0n) / 1e6, 0),
    steps: turns.flatMap(stepsOf),
    reward: null,
    scores: {},
  };
}

function errorOf({ facts, reading }: Turn): ImportedTrial["error"] {
  if (facts.root === null) return { code: "TRACE_INCOMPLETE", message: "the trace has no root span" };
  if (reading.text !== null) return null;
  return reading.error === null
    ? { code: "TRACE_INCOMPLETE", message: "no span of the trace holds the answer" }
    : { code: "AGENT_FAILED", message: `the root span ended in error: ${reading.error}` };
}

function stepsOf({ facts, reading }: Turn, turn: number): readonly ImportedStep[] {
  const { steps, says, text } = reading;
  return [
    { kind: "user", text: facts.userText ?? NOT_RECORDED },
    ...steps.flatMap((step, index): readonly ImportedStep[] => {
      if (step.kind === "reasoning" || step.kind === "failure") return [];
      if (step.kind === "model" && step.error !== null) return [];
      if (step.kind === "tool") return [{ ...step, callId: `tool-${turn}-${index}` }];
      if (step.kind === "retrieval") return [{ kind: "retrieval", query: step.query, chunks: step.chunks }];
      return [{ ...step, speaker: "agent", toolCalls: [], isInner: true }];
    }),
    ...(text === null
      ? []
      : [
          {
            kind: "reply" as const,
            text,
            says: { toolCalls: says.tools, retrievals: says.retrievals, modelCalls: says.modelCalls },
          },
        ]),
  ];
}
