import type { Json } from "../../core/hash.js";
import type { TokenUsage, ToolCall } from "../../core/message.js";
import type { ImportedStep } from "./imported-run.js";
import { isRecord } from "./table-kind.js";

type Fields = Readonly<Record<string, unknown>>;

/** What the agent was asked and answered in a result, and how long it took in milliseconds where that is known. */
export function stepsOfResponse(
  fields: Fields,
  answered: boolean,
  model: string | null,
): { readonly steps: readonly ImportedStep[]; readonly durationMs: number | null } {
  const response = isRecord(fields.response) ? fields.response : {};
  const cached = response.cached === true;
  const { latencyMs } = fields;
  const isTimed = !cached && typeof latencyMs === "number" && Number.isFinite(latencyMs) && latencyMs >= 0;
  const durationMs = isTimed ? latencyMs : null;
  const asked: ImportedStep = { kind: "user", text: promptText(fields.prompt) };
  if (!answered) return { steps: [asked], durationMs };
  const toolCalls = toolCallsOf(response.output);
  return {
    steps: [
      asked,
      {
        kind: "model",
        speaker: "agent",
        text: toolCalls.length > 0 ? null : outputText(response.output),
        toolCalls,
        usage: usageOf(response.tokenUsage) ?? usageOf(fields.tokenUsage),
        costUsd: costOf(response.cost, fields.cost),
        durationMs,
        model,
        ...(cached && { cached: true }),
      },
    ],
    durationMs,
  };
}

/** What was sent to the provider. */
export function promptText(prompt: unknown): string {
  if (isRecord(prompt)) return String(prompt.raw ?? prompt.label ?? "");
  return String(prompt ?? "");
}

function outputText(output: unknown): string | null {
  if (output === null || output === undefined) return null;
  return typeof output === "string" ? output : JSON.stringify(output);
}

/** promptfoo counts 0 where a provider says nothing; no call uses no tokens at all. */
function usageOf(usage: unknown): TokenUsage | null {
  if (!isRecord(usage)) return null;
  const { prompt, completion, cached } = usage;
  if (!isCount(prompt) || !isCount(completion) || prompt + completion === 0) return null;
  return {
    inputTokens: prompt,
    outputTokens: completion,
    ...(isCount(cached) && cached > 0 && cached <= prompt && { cachedInputTokens: cached }),
  };
}

/** The provider's own cost; the result's repeats it, and is 0 where the provider gave none. */
function costOf(own: unknown, ofResult: unknown): number | null {
  if (isAmount(own)) return own;
  return isAmount(ofResult) && ofResult > 0 ? ofResult : null;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isCount(value: unknown): value is number {
  return isAmount(value) && Number.isSafeInteger(value);
}

/** The calls of an output that is a list of them, as providers of OpenAI's kind give it. */
function toolCallsOf(output: unknown): readonly ToolCall[] {
  if (!Array.isArray(output) || output.length === 0) return [];
  const calls = output.map((item: unknown, index): ToolCall | null => {
    const call = isRecord(item) && isRecord(item.function) ? item.function : null;
    if (call === null || typeof call.name !== "string") return null;
    const id = isRecord(item) && typeof item.id === "string" ? item.id : `call-${index + 1}`;
    const given = argumentsOf(call.arguments);
    if (given !== null) return { id, name: call.name, arguments: given };
    return { id, name: call.name, arguments: {}, malformedArguments: String(call.arguments) };
  });
  return calls.every((call) => call !== null) ? calls : [];
}

function argumentsOf(value: unknown): { readonly [key: string]: Json } | null {
  if (isRecord(value)) return value as { readonly [key: string]: Json };
  try {
    const parsed: unknown = JSON.parse(String(value ?? "{}"));
    return isRecord(parsed) ? (parsed as { readonly [key: string]: Json }) : null;
  } catch {
    return null;
  }
}
