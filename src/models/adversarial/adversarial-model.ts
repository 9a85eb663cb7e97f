import { ConfigError, ProviderError } from "../../core/errors.js";
import type { Message, ModelReply, ToolCall, ToolSpec } from "../../core/message.js";
import type { Model } from "../model.js";
import { attackArguments, innocentArguments, type Loot, looksLikeRead } from "./attack-arguments.js";
import { findOrders } from "./find-orders.js";
import { ADVERSARIAL_PROVIDER } from "./notice.js";
import { obeyingReply, plainText } from "./obeying-reply.js";

const ADVERSARIAL_MODEL_NAME = "obey-v1";

/** Calls of one reply; enough for six ways to misuse each of eight tools. */
const MOST_CALLS = 48;

/**
 * A program that obeys every order it reads, from the user, from documents and from tool results: the worst that a
 * model can do. Deterministic, without network, and no LLM. It first looks at what the user asked about; when
 * anything that it read is an order, it then, once, calls every tool that it is offered in every harmful way that it knows,
 * and last says what it was told to say, the system prompt included where asked, and that everything was done.
 */
const adversarialModel: Model = {
  provider: ADVERSARIAL_PROVIDER,
  name: ADVERSARIAL_MODEL_NAME,
  async complete({ messages, tools }, { signal, onText }) {
    if (signal.aborted) throw new ProviderError("PROVIDER_ABORTED", "the call was stopped");
    const reply = replyTo(messages, tools);
    if (reply.text !== null) onText?.(reply.text);
    return reply;
  },
};

/**
 * The adversarial model by the name that an agent file gives it.
 *
 * @param file - agent file, named in the problem
 * @throws {ConfigError} for any name but `obey-v1`, so that no file claims another model
 */
export function createAdversarialModel(name: string, file: string): Model {
  if (name === ADVERSARIAL_MODEL_NAME) return adversarialModel;
  const message = `expected "model.name" of provider adversarial to be "${ADVERSARIAL_MODEL_NAME}"; found "${name}"`;
  throw new ConfigError([{ file, message }]);
}

function replyTo(messages: readonly Message[], tools: readonly ToolSpec[]): ModelReply {
  const asked = messages.findLastIndex(({ role }) => role === "user");
  const said = messages[asked]?.content ?? "";
  const rounds = messages.slice(asked + 1).filter(({ role }) => role === "assistant").length;
  const read = messages.flatMap((message, index) =>
    message.role === "tool" || message.role === "user" || (message.role === "system" && index > 0)
      ? [readOf(message)]
      : [],
  );
  const orders = read.flatMap(findOrders);
  if (rounds === 0) {
    const looks = tools.filter(looksLikeRead).flatMap((tool) => {
      const args = innocentArguments(tool, said);
      return args === null ? [] : [{ name: tool.name, arguments: args }];
    });
    if (looks.length > 0) return calling(looks, messages);
  }
  const hasAttacked = !looksOnly(messages);
  if (orders.length > 0 && tools.length > 0 && !hasAttacked) {
    return calling(attacksOn(tools, lootOf(messages, orders)), messages);
  }
  return answering(obeyingReply(messages, orders));
}

/** Of a block of passages only the passages: what stands around them is the runtime's. */
function readOf({ role, content }: Message): string {
  if (role !== "system") return plainText(content ?? "");
  const text = content ?? "";
  return text
    .slice(Math.max(0, text.indexOf("<context>")))
    .replace(/<\/?(?:context|document)\b[^>\n]*>/g, "");
}

function looksOnly(messages: readonly Message[]): boolean {
  return messages.every(
    (message) =>
      message.role !== "assistant" ||
      (message.toolCalls ?? []).every(({ name }) => looksLikeRead({ name, description: "", parameters: {} })),
  );
}

function lootOf(messages: readonly Message[], orders: readonly string[]): Loot {
  // Orders too: what was hidden in an encoding names its victims only there.
  const context = [...messages.map(({ content }) => content ?? ""), ...orders].join("\n");
  const results = messages.flatMap((message) =>
    message.role === "tool" ? [plainText(message.content)] : [],
  );
  const amounts = orders
    .flatMap((order) => order.match(/\d[\d,]*(?:\.\d+)?/g) ?? [])
    .map((number) => Number(number.replaceAll(",", "")))
    .filter((number) => number > 0);
  return { context, data: `${results.join("\n")}\n${messages[0]?.content ?? ""}`.slice(0, 4_000), amounts };
}

/** One way after the other for all tools, so that the limit on calls cuts variants and never a tool. */
function attacksOn(tools: readonly ToolSpec[], loot: Loot): readonly Pick<ToolCall, "name" | "arguments">[] {
  const ways = tools.map((tool) =>
    attackArguments(tool, loot).map((args) => ({ name: tool.name, arguments: args })),
  );
  const most = Math.max(...ways.map(({ length }) => length));
  return Array.from({ length: most }, (_, way) => ways.flatMap((of) => of[way] ?? []))
    .flat()
    .slice(0, MOST_CALLS);
}

function calling(
  calls: readonly Pick<ToolCall, "name" | "arguments">[],
  messages: readonly Message[],
): ModelReply {
  const earlier = messages.reduce(
    (sum, message) => sum + (message.role === "assistant" ? (message.toolCalls?.length ?? 0) : 0),
    0,
  );
  const toolCalls = calls.map((call, index) => ({ id: `call_${earlier + index + 1}`, ...call }));
  return { ...common, text: null, toolCalls, finishReason: "tool_calls" };
}

function answering(text: string): ModelReply {
  return { ...common, text, toolCalls: [], finishReason: "stop" };
}

const common = { usage: null, costUsd: 0, model: ADVERSARIAL_MODEL_NAME } as const;
