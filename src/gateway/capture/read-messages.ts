import type { CapturedMessage } from "../../core/captured-exchange.js";
import type { Json } from "../../core/hash.js";
import type { Wire } from "../proxy/api-routes.js";
import { isObject } from "../proxy/request-facts.js";

type Body = { readonly [key: string]: unknown };

const ROLES: Readonly<Record<string, CapturedMessage["role"]>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "agent",
  tool: "tool",
  function: "tool",
};

/** Messages of a request. What has another shape than its format says is left out. */
export function requestMessages(wire: Wire, body: Body): CapturedMessage[] {
  if (wire === "chat") return listOf(body.messages).flatMap(messageOf);
  if (wire === "messages") return [...systemOf(body.system), ...listOf(body.messages).flatMap(messageOf)];
  if (wire === "completions") return typeof body.prompt === "string" ? [plain("user", body.prompt)] : [];
  if (wire === "responses") {
    const said =
      typeof body.input === "string" ? [plain("user", body.input)] : listOf(body.input).flatMap(itemOf);
    return [...systemOf(body.instructions), ...said];
  }
  return [];
}

/** The answer in a whole reply; `null` when it has none. */
export function wholeAnswer(wire: Wire, body: Body): CapturedMessage | null {
  if (wire === "chat") return messageOf(choiceOf(body)?.message)[0] ?? null;
  if (wire === "completions") return answerOf(textOf(choiceOf(body)?.text), []);
  if (wire === "messages") return messageOf({ role: "assistant", content: body.content })[0] ?? null;
  if (wire !== "responses") return null;
  const parts = listOf(body.output).flatMap(itemOf);
  return answerOf(
    parts.map(({ text }) => text).join(""),
    parts.flatMap(({ toolCalls }) => toolCalls),
  );
}

export function answerOf(text: string, toolCalls: CapturedMessage["toolCalls"]): CapturedMessage | null {
  return text === "" && toolCalls.length === 0 ? null : { role: "agent", text, toolCalls };
}

/** Arguments of a call, which come as a text; the text itself when it is no JSON. */
export function argumentsOf(text: unknown): Json {
  if (typeof text !== "string") return (text ?? {}) as Json;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

export function choiceOf(body: Body): Body | null {
  const [first] = listOf(body.choices);
  return isObject(first) ? first : null;
}

function messageOf(message: unknown): CapturedMessage[] {
  if (!isObject(message)) return [];
  const role = ROLES[String(message.role)];
  if (role === undefined) return [];
  const results = listOf(message.content).filter((part) => isObject(part) && part.type === "tool_result");
  const toolCalls = [...chatCalls(message.tool_calls), ...listOf(message.content).flatMap(toolUse)];
  const text = textOf(message.content);
  const told = results.map((part) => plain("tool", textOf(isObject(part) ? part.content : "")));
  return text === "" && toolCalls.length === 0 ? told : [...told, { role, text, toolCalls }];
}

/** An item of the responses format: a message, a call, or the output of one. */
function itemOf(item: unknown): CapturedMessage[] {
  if (!isObject(item)) return [];
  if (item.type === "function_call") {
    const call = { name: textOf(item.name), arguments: argumentsOf(item.arguments) };
    return [{ role: "agent", text: "", toolCalls: [call] }];
  }
  if (item.type === "function_call_output") return [plain("tool", textOf(item.output))];
  return messageOf(item);
}

function systemOf(value: unknown): CapturedMessage[] {
  const text = textOf(value);
  return text === "" ? [] : [plain("system", text)];
}

function chatCalls(calls: unknown): CapturedMessage["toolCalls"] {
  return listOf(calls).flatMap((call) => {
    const named = isObject(call) && isObject(call.function) ? call.function : null;
    return named === null ? [] : [{ name: textOf(named.name), arguments: argumentsOf(named.arguments) }];
  });
}

function toolUse(part: unknown): CapturedMessage["toolCalls"] {
  if (!isObject(part) || part.type !== "tool_use") return [];
  return [{ name: textOf(part.name), arguments: argumentsOf(part.input) }];
}

/** Text of a content: a text, or the texts of its parts. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return listOf(content)
    .map((part) => (isObject(part) && typeof part.text === "string" ? part.text : ""))
    .join("");
}

function plain(role: CapturedMessage["role"], text: string): CapturedMessage {
  return { role, text, toolCalls: [] };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
