import { z } from "zod";
import type { TokenUsage } from "../../../core/message.js";
import type { ExternalReply } from "../external-agent.js";
import { type RawReport, type ReadReport, readReport } from "../read-reported.js";

const count = z.int().min(0);
const replySchema = z.object({
  text: z.string().optional(),
  usage: z
    .object({
      inputTokens: count,
      outputTokens: count,
      cachedInputTokens: count.optional(),
      cacheWriteTokens: count.optional(),
      reasoningTokens: count.optional(),
    })
    .nullish(),
  costUsd: z.number().min(0).nullish(),
  model: z.string().nullish(),
  escalated: z.boolean().optional(),
  toolCalls: z.unknown().optional(),
  retrievals: z.unknown().optional(),
  reasoning: z.unknown().optional(),
});

/** What is wrong with an answer; `what` goes on after the name of the agent. */
export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";
}

/**
 * Reads what a function answered.
 *
 * @param streamed - text that came in pieces before
 * @throws {WrongAnswer}
 */
export function readAnswer(
  answer: unknown,
  streamed: string,
  reported: readonly ReadReport[],
): Omit<ExternalReply, "calls"> {
  const given = typeof answer === "string" ? { text: answer } : (answer ?? {});
  const read = replySchema.safeParse(given);
  if (!read.success) throw new WrongAnswer(wrongAt(read.error.issues[0]?.path ?? []));
  const { text, usage, costUsd, model, escalated = false, ...own } = read.data;
  if (text === undefined && streamed === "" && !escalated) {
    throw new WrongAnswer("answered without a text");
  }
  const reports = [...reported, readReportOf(own)];
  const says = (key: "tools" | "retrievals") => reports.some((report) => report.says[key]);
  return {
    text: text ?? (streamed === "" ? null : streamed),
    finishReason: "stop",
    usage: usage == null ? null : usageOf(usage),
    costUsd: costUsd ?? null,
    model: model ?? null,
    isEscalated: escalated,
    steps: reports.flatMap(({ steps }) => steps),
    says: { tools: says("tools"), retrievals: says("retrievals"), modelCalls: false },
  };
}

/**
 * Reads what a function reports of its work.
 *
 * @throws {WrongAnswer}
 */
export function readReportOf(report: {
  readonly toolCalls?: unknown;
  readonly retrievals?: unknown;
  readonly reasoning?: unknown;
}): ReadReport {
  const raw: RawReport = {
    tool_calls: inSnakeCase(report.toolCalls),
    retrievals: inSnakeCase(report.retrievals),
    reasoning: report.reasoning,
  };
  const read = readReport(raw);
  if ("wrong" in read) throw new WrongAnswer(wrongAt([read.wrong.replace("tool_calls", "toolCalls")]));
  return read;
}

function wrongAt(path: readonly PropertyKey[]): string {
  return path.length === 0
    ? "answered with something that is neither a text nor an object"
    : `answered with a wrong ${JSON.stringify(path.map(String).join("."))}`;
}

/** The fields of what is reported, as agents of other kinds write them. */
function inSnakeCase(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((one: unknown) => {
    if (typeof one !== "object" || one === null) return one;
    const { isError: is_error, durationMs: duration_ms, ...rest } = one as { [key: string]: unknown };
    return { ...rest, is_error, duration_ms };
  });
}

function usageOf(usage: NonNullable<z.output<typeof replySchema>["usage"]>): TokenUsage {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = usage;
  return {
    inputTokens,
    outputTokens,
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
  };
}
