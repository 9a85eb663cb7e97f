import { ConfigError, ProviderError } from "../../core/errors.js";
import { canonicalJson } from "../../core/hash.js";
import type { Message, ModelReply, ToolCall, ToolSpec } from "../../core/message.js";
import type { Model } from "../model.js";
import { decide } from "./decide.js";
import { EMBEDDED_NOTICE, EMBEDDED_PROVIDER } from "./notice.js";
import { reasoningFor } from "./reasoning.js";

export const EMBEDDED_MODEL_NAME = "embedded-v1";

/** Characters that count as one token: the usual rule of thumb for English, here an approximation by definition. */
const CHARACTERS_PER_TOKEN = 4;

/** The embedded model says of itself that it is a baseline. */
export interface BaselineModel extends Model {
  readonly baseline: true;
  readonly notice: string;
}

/**
 * The model that needs no key and no network: a deterministic lexical baseline, not an LLM. It reads what
 * an LLM would read (messages and tool specs) and nothing on the side. It picks tools by the words of the
 * request, fills their arguments by the hints of their JSON Schema, asks before what cannot be undone, and
 * else answers with sentences of the documents in the prompt and their ids, or says that it does not know.
 *
 * `usage` is an approximation (one token for each 4 characters, rounded up); `costUsd` is 0 because nothing
 * is paid. Of the parameters only `maxTokens` has an effect: a longer text is cut, with `finishReason`
 * `length`. Its `reasoning` states lexical margins as a confidence: they rank its own replies, and are no probability.
 */
export const embeddedModel: BaselineModel = {
  provider: EMBEDDED_PROVIDER,
  name: EMBEDDED_MODEL_NAME,
  baseline: true,
  notice: EMBEDDED_NOTICE,
  async complete(request, { signal, onText }) {
    if (signal.aborted) throw new ProviderError("PROVIDER_ABORTED", "the call was stopped");
    const reply = replyTo(request.messages, request.tools, request.parameters.maxTokens);
    if (reply.text !== null) onText?.(reply.text);
    return reply;
  },
};

/**
 * The embedded model by the name that an agent file gives it.
 *
 * @param file - agent file, named in the problem
 * @throws {ConfigError} for any name but {@link EMBEDDED_MODEL_NAME}, so that no file claims another model
 */
export function createEmbeddedModel(name: string, file: string): BaselineModel {
  if (name === EMBEDDED_MODEL_NAME) return embeddedModel;
  const message = `expected "model.name" of provider embedded to be "${EMBEDDED_MODEL_NAME}"; found "${name}"`;
  throw new ConfigError([{ file, message }]);
}

function replyTo(
  messages: readonly Message[],
  tools: readonly ToolSpec[],
  maxTokens: number | undefined,
): ModelReply {
  const decision = decide(messages, tools);
  const inputTokens = tokens(
    messages.reduce((sum, message) => sum + messageLength(message), 0) + toolsLength(tools),
  );
  const reasoning = reasoningFor(decision, messages, tools);
  const common = { costUsd: 0, model: EMBEDDED_MODEL_NAME, reasoning };
  if (decision.kind === "call") {
    const earlier = messages.reduce(
      (sum, message) => sum + (message.role === "assistant" ? (message.toolCalls?.length ?? 0) : 0),
      0,
    );
    const toolCalls: ToolCall[] = decision.calls.map((args, index) => ({
      id: `call_${earlier + index + 1}`,
      name: decision.name,
      arguments: args,
    }));
    const usage = { inputTokens, outputTokens: tokens(canonicalJson(toolCalls).length) };
    return { ...common, text: null, toolCalls, finishReason: "tool_calls", usage };
  }
  const limit = maxTokens === undefined ? Number.POSITIVE_INFINITY : maxTokens * CHARACTERS_PER_TOKEN;
  const text = decision.text.length > limit ? decision.text.slice(0, limit) : decision.text;
  const usage = { inputTokens, outputTokens: tokens(text.length) };
  return { ...common, text, toolCalls: [], finishReason: text === decision.text ? "stop" : "length", usage };
}

function tokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function messageLength(message: Message): number {
  const content = message.content?.length ?? 0;
  return message.role === "assistant" && message.toolCalls !== undefined
    ? content + canonicalJson(message.toolCalls).length
    : content;
}

const toolLengths = new WeakMap<readonly ToolSpec[], number>();

function toolsLength(tools: readonly ToolSpec[]): number {
  const known = toolLengths.get(tools);
  if (known !== undefined) return known;
  const length = tools.length === 0 ? 0 : canonicalJson(tools).length;
  toolLengths.set(tools, length);
  return length;
}
