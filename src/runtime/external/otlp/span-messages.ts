import type { Json } from "../../../core/hash.js";
import {
  isObject,
  itemsOf,
  type JsonObject,
  textAt,
  unflattened,
  unpacked,
  valueAt,
} from "./read-attributes.js";
import type { Span } from "./span.js";

/** A message that a span recorded, in whatever form. */
export interface SpanMessage {
  readonly role: string | null;
  /** `null` when it holds none. */
  readonly text: string | null;
  readonly toolCalls: readonly {
    readonly id: string | null;
    readonly name: string;
    readonly arguments: Json;
  }[];
  readonly toolResults: readonly { readonly id: string; readonly result: Json }[];
  readonly finishReason: string | null;
}

/** Event with the messages of a call, where they are not put on the span itself. */
const DETAILS = "gen_ai.client.inference.operation.details";

/** What the model answered; empty when the agent records no contents. */
export function outputMessages(span: Span): readonly SpanMessage[] {
  const { attributes } = span;
  const found =
    valueAt(attributes, "gen_ai.output.messages") ??
    eventValue(span, DETAILS, "gen_ai.output.messages") ??
    choiceEvents(span) ??
    valueAt(attributes, "gen_ai.completion") ??
    eventValue(span, "gen_ai.content.completion", "gen_ai.completion") ??
    unflattened(attributes, "gen_ai.completion") ??
    unflattened(attributes, "llm.output_messages") ??
    aiSdkOutput(span);
  return messagesOf(found);
}

/** What was sent to the model; empty when the agent records no contents. */
export function inputMessages(span: Span): readonly SpanMessage[] {
  const { attributes } = span;
  const found =
    valueAt(attributes, "gen_ai.input.messages") ??
    eventValue(span, DETAILS, "gen_ai.input.messages") ??
    messageEvents(span) ??
    valueAt(attributes, "gen_ai.prompt", "ai.prompt.messages") ??
    unflattened(attributes, "gen_ai.prompt") ??
    unflattened(attributes, "llm.input_messages");
  return messagesOf(found);
}

/** The texts of all messages in one; `null` when none has any. */
export function textOfMessages(messages: readonly SpanMessage[]): string | null {
  // Each output message is a choice of its own: the first is the one that was used.
  return messages.find(({ text }) => text !== null)?.text ?? null;
}

/** A list of messages, one message, or a bare text. */
function messagesOf(found: Json | null | undefined): readonly SpanMessage[] {
  if (found === null || found === undefined) return [];
  if (typeof found === "string") return found === "" ? [] : [{ ...EMPTY, text: found }];
  return (Array.isArray(found) ? (found as readonly Json[]) : [found]).flatMap((one) =>
    isObject(one) ? [messageOf(one)] : typeof one === "string" ? [{ ...EMPTY, text: one }] : [],
  );
}

const EMPTY: SpanMessage = { role: null, text: null, toolCalls: [], toolResults: [], finishReason: null };

function messageOf(found: JsonObject): SpanMessage {
  const inner = unpacked(found.message ?? null);
  const message = isObject(inner) ? { ...found, ...inner } : found;
  const content = contentOf(message.content ?? null);
  const parts = [...itemsOf(message.parts), ...itemsOf(content), ...itemsOf(message.contents)].filter(
    isObject,
  );
  const role = typeof message.role === "string" ? message.role : null;
  const texts = parts.flatMap(textOfPart);
  const plain = typeof content === "string" && content !== "" ? content : null;
  const id = textOf(message.tool_call_id ?? message.id);
  const isResult = role === "tool" && id !== null && content !== null && !parts.some(resultOfPart);
  return {
    role,
    text: plain ?? (texts.length === 0 ? null : texts.join("")),
    toolCalls: [
      ...parts.flatMap((part) => callOfPart(part) ?? []),
      ...itemsOf(unpacked(message.tool_calls ?? message.toolCalls ?? null))
        .filter(isObject)
        .flatMap((call) => callOf(call) ?? []),
    ],
    toolResults: [
      ...parts.flatMap((part) => resultOfPart(part) ?? []),
      ...(isResult ? [{ id, result: content }] : []),
    ],
    finishReason: textOf(message.finish_reason ?? message.finishReason),
  };
}

/** Content that is text may well be JSON, and stays as it is; only a list of parts is unpacked. */
function contentOf(content: Json): Json {
  const parts = unpacked(content);
  return itemsOf(parts).length > 0 &&
    itemsOf(parts).every((part) => isObject(part) && typeof part.type === "string")
    ? parts
    : content;
}

function textOfPart(part: JsonObject): readonly string[] {
  const nested = part.message_content;
  if (isObject(nested)) return textOfPart(nested);
  if (part.type !== "text" && part.type !== "output_text" && part.type !== "input_text") return [];
  const text = part.content ?? part.text;
  return typeof text === "string" ? [text] : [];
}

function callOfPart(part: JsonObject) {
  return part.type === "tool_call" || part.type === "tool-call" || part.type === "tool_use"
    ? callOf(part)
    : null;
}

function callOf(found: JsonObject): SpanMessage["toolCalls"][number] | null {
  const call = isObject(found.tool_call) ? found.tool_call : found;
  const named = isObject(call.function) ? call.function : call;
  const name = textOf(named.name ?? call.toolName);
  if (name === null) return null;
  const given = named.arguments ?? call.input ?? call.args ?? null;
  return { id: textOf(call.id ?? call.toolCallId), name, arguments: unpacked(given) };
}

function resultOfPart(part: JsonObject): SpanMessage["toolResults"][number] | null {
  const id = textOf(part.id ?? part.toolCallId ?? part.tool_use_id);
  if (id === null || !/^(tool_call_response|tool-result|tool_result)$/.test(String(part.type))) return null;
  const output = part.response ?? part.result ?? part.output ?? part.content ?? null;
  return { id, result: isObject(output) && "value" in output ? (output.value ?? null) : output };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function eventValue({ events }: Span, name: string, key: string): Json | undefined {
  const event = events.find((one) => one.name === name && one.attributes.has(key));
  return event === undefined ? undefined : valueAt(event.attributes, key);
}

/** Conventions up to 1.36: each choice of the model is an event of the span. */
function choiceEvents({ events }: Span): Json | undefined {
  const choices = events.filter(({ name }) => name === "gen_ai.choice");
  return choices.length === 0 ? undefined : choices.map(({ attributes }) => unpackedObject(attributes));
}

/** Conventions up to 1.36: each message to the model is an event such as `gen_ai.tool.message`. */
function messageEvents({ events }: Span): Json | undefined {
  const messages = events.flatMap(({ name, attributes }) => {
    const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name)?.[1];
    return role === undefined ? [] : [{ role, ...unpackedObject(attributes) }];
  });
  return messages.length === 0 ? undefined : messages;
}

function unpackedObject(attributes: ReadonlyMap<string, Json>): JsonObject {
  return Object.fromEntries(
    [...attributes].map(([key, value]) => [key, key === "content" ? value : unpacked(value)]),
  );
}

function aiSdkOutput({ attributes }: Span): Json | undefined {
  const text = textAt(attributes, "ai.response.text", "ai.response.object");
  const toolCalls = valueAt(attributes, "ai.response.toolCalls");
  if (text === null && toolCalls === undefined) return undefined;
  return [
    {
      content: text,
      toolCalls: toolCalls ?? [],
      finish_reason: attributes.get("ai.response.finishReason") ?? null,
    },
  ];
}
