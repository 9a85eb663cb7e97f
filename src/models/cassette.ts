import { z } from "zod";
import type { Problem } from "../core/errors.js";
import type { Json } from "../core/hash.js";
import type { RecordedSimulation, RecordedTurn } from "../core/recording.js";

/** Version of the cassette format; the first line of a file states it. */
const CASSETTE_VERSION = 1;

/** First line of every cassette. */
export const CASSETTE_HEADER: string = JSON.stringify({ agentctl_cassette: CASSETTE_VERSION });

/** A call that failed for good while recording. */
interface RecordedCrash {
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  readonly crash: string;
}

/** A line of a cassette after its header. */
export type CassetteLine = RecordedTurn | RecordedCrash;

const count = z.int().min(0);
const jsonObject = z.record(z.string(), z.json()) as z.ZodType<{ readonly [key: string]: Json }>;

const headerSchema = z.strictObject({ agentctl_cassette: z.literal(CASSETTE_VERSION) });
const crashSchema = z.strictObject({ caseId: z.string().min(1), trial: count, crash: z.string() });
const turnSchema = z.strictObject({
  caseId: z.string().min(1),
  trial: count,
  speaker: z.enum(["agent", "user"]),
  turn: count,
  requestHash: z.string().nullable(),
  reply: z.strictObject({
    text: z.string().nullable(),
    toolCalls: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        arguments: jsonObject,
        malformedArguments: z.string().exactOptional(),
      }),
    ),
    finishReason: z.enum(["stop", "tool_calls", "length", "content_filter"]),
    usage: z
      .strictObject({
        inputTokens: count,
        outputTokens: count,
        cachedInputTokens: count.exactOptional(),
        cacheWriteTokens: count.exactOptional(),
        reasoningTokens: count.exactOptional(),
      })
      .nullable(),
    costUsd: z.number().min(0).nullable(),
    model: z.string(),
    reasoning: z
      .strictObject({
        thought: z.string(),
        confidence: z.number().min(0).max(1).nullable(),
        alternatives: z.array(z.string()),
      })
      .exactOptional(),
    answeredBy: z.strictObject({ provider: z.string(), model: z.string() }).exactOptional(),
  }),
  durationMs: z.number().min(0).nullable(),
});

/** What a cassette text holds, and everything that is wrong with it. */
export interface ParsedCassette {
  readonly simulations: readonly RecordedSimulation[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the text of a cassette. BOM and CRLF are accepted. A turn that is recorded again (a resumed run) replaces
 * the earlier one and everything that followed it from that speaker.
 *
 * @param file - names the file in problems
 */
export function parseCassette(text: string, file: string): ParsedCassette {
  const problems: Problem[] = [];
  const trials = new Map<string, OpenSimulation>();
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  const cutLine = lines.at(-1) === "" ? -1 : lines.length;
  let headerSeen = false;
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const source = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (source.trim() === "") continue;
    const report = (message: string) => problems.push({ file, line, message });
    const value = parseJson(source);
    if (value === undefined) {
      report(
        line === cutLine
          ? "is cut in the middle: the recording was interrupted; delete this line or record again"
          : "expected a JSON object, found text that is not JSON",
      );
    } else if (!headerSeen) {
      const wrong = problemsOf(headerSchema, value);
      if (wrong.length > 0) report(`expected the header ${CASSETTE_HEADER}: ${wrong.join("; ")}`);
    } else {
      addLine(value, trials, report);
    }
    headerSeen = true;
  }
  if (!headerSeen)
    problems.push({ file, line: 1, message: `expected the header ${CASSETTE_HEADER}, found an empty file` });
  return { simulations: [...trials.values()].map(closeSimulation), problems };
}

interface OpenSimulation {
  readonly caseId: string;
  readonly trial: number;
  turns: RecordedTurn[];
  crash: string | null;
}

function addLine(
  value: unknown,
  trials: Map<string, OpenSimulation>,
  report: (message: string) => void,
): void {
  const isCrash = typeof value === "object" && value !== null && "crash" in value;
  const wrong = problemsOf(isCrash ? crashSchema : turnSchema, value);
  if (wrong.length > 0) {
    for (const message of wrong) report(message);
    return;
  }
  // What the schema accepts is the line itself: it changes and adds nothing.
  const line = value as CassetteLine;
  const key = JSON.stringify([line.caseId, line.trial]);
  const open = trials.get(key) ?? { caseId: line.caseId, trial: line.trial, turns: [], crash: null };
  trials.set(key, open);
  if ("crash" in line) {
    open.crash = line.crash;
    return;
  }
  if (open.turns.some((turn) => turn.speaker === line.speaker && turn.turn >= line.turn)) {
    open.turns = open.turns.filter((turn) => turn.speaker !== line.speaker || turn.turn < line.turn);
  }
  open.crash = null;
  open.turns.push(line);
}

function closeSimulation({ caseId, trial, turns, crash }: OpenSimulation): RecordedSimulation {
  return { caseId, trial, turns, reward: null, crash, toolResults: [] };
}

function problemsOf(schema: z.ZodType, value: unknown): string[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `"${issue.path.join(".")}": ${issue.message}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
