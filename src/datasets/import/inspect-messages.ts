import type { Json } from "../../core/hash.js";
import type { ToolCall } from "../../core/message.js";
import type { ImportedStep } from "./imported-run.js";
import { isRecord } from "./table-kind.js";

type Fields = Readonly<Record<string, unknown>>;

/** What is known of one generation of the agent's model. */
export type Generation = Pick<
  Extract<ImportedStep, { kind: "model" }>,
  "usage" | "costUsd" | "durationMs" | "cached"
>;

/** A text of a sample: long ones stand apart, as attachments. */
export type Resolve = (text: string) => string;

/** Text of a message's content: a string, or a list whose texts count and whose images and reasoning do not. */
export function contentText(content: unknown, resolve: Resolve): string {
  if (typeof content === "string") return resolve(content);
  if (!Array.isArray(content)) return "";
  return content
    .flatMap((part: unknown) => {
      if (typeof part === "string") return [resolve(part)];
      if (!isRecord(part)) return [];
      if (part.type === "text" && typeof part.text === "string") return [resolve(part.text)];
      return part.type === "reasoning" || typeof part.type !== "string" ? [] : [`[${part.type}]`];
    })
    .join("\n");
}

/** Messages that the agent's model generated; those of the input are examples. */
export function generatedMessages(messages: readonly unknown[]): readonly Fields[] {
  return messages.filter(
    (one): one is Fields => isRecord(one) && one.role === "assistant" && one.source !== "input",
  );
}

/**
 * The messages of a sample as steps, without the system's. The tool `submit`, by which Inspect's agents end, is their
 * answer and no call.
 *
 * @param generations - one for each generated message, in order
 */
export function stepsOf(
  messages: readonly unknown[],
  generations: readonly Generation[],
  model: string | null,
  resolve: Resolve,
): readonly ImportedStep[] {
  const calls = new Map<string, ToolCall>();
  const submitted = new Set<string>();
  const generated = new Set(generatedMessages(messages));
  let position = 0;
  return messages.flatMap((message): ImportedStep[] => {
    if (!isRecord(message)) return [];
    const text = contentText(message.content, resolve);
    if (message.role === "user") return [{ kind: "user", text }];
    if (message.role === "assistant" && generated.has(message)) {
      const generation = generations[position++];
      const toolCalls = toolCallsOf(message.tool_calls, resolve, `call-${position}`);
      const submission = toolCalls.length === 1 && toolCalls[0]?.name === "submit" ? toolCalls[0] : null;
      if (submission !== null) submitted.add(submission.id);
      for (const call of toolCalls) calls.set(call.id, call);
      const answer = submission === null ? undefined : Object.values(submission.arguments)[0];
      return [
        {
          kind: "model",
          speaker: "agent",
          text: typeof answer === "string" ? answer : text === "" ? null : text,
          toolCalls: submission === null ? toolCalls : [],
          usage: generation?.usage ?? null,
          costUsd: generation?.costUsd ?? null,
          durationMs: generation?.durationMs ?? null,
          model,
          ...(generation?.cached === true && { cached: true }),
        },
      ];
    }
    if (message.role !== "tool") return [];
    const callId = String(message.tool_call_id ?? "");
    if (submitted.has(callId)) return [];
    const call = calls.get(callId);
    const error = isRecord(message.error) ? String(message.error.message ?? message.error.type ?? "") : null;
    return [
      {
        kind: "tool",
        callId,
        name: call?.name ?? String(message.function ?? "unnamed"),
        arguments: call?.arguments ?? {},
        result: text === "" && error !== null ? error : text,
        isError: error !== null,
        durationMs: null,
      },
    ];
  });
}

function toolCallsOf(value: unknown, resolve: Resolve, fallbackId: string): readonly ToolCall[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((call, index): ToolCall => {
    const id = typeof call.id === "string" ? call.id : `${fallbackId}-${index}`;
    const name = String(call.function ?? "unnamed");
    const { arguments: given, parse_error: broken } = call;
    if (isRecord(given)) {
      const entries = Object.entries(given).map(([key, item]) => [key, resolved(item, resolve)]);
      const parsed = Object.fromEntries(entries) as ToolCall["arguments"];
      return {
        id,
        name,
        arguments: parsed,
        ...(typeof broken === "string" && { malformedArguments: broken }),
      };
    }
    return { id, name, arguments: {}, ...(given != null && { malformedArguments: String(given) }) };
  });
}

function resolved(value: unknown, resolve: Resolve): Json {
  if (typeof value === "string") return resolve(value);
  if (Array.isArray(value)) return value.map((item) => resolved(item, resolve));
  if (!isRecord(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, resolve)]));
}
