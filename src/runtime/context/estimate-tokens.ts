import type { Message, ToolSpec } from "../../core/message.js";

/** Tokens that the format around a message costs at the usual providers. */
const MESSAGE_OVERHEAD = 4;
const CALL_OVERHEAD = 8;
const TOOL_OVERHEAD = 12;
/** Tokens that open the reply. */
const REPLY_PRIMING = 3;

const messageTokens = new WeakMap<Message, number>();
const toolTokens = new WeakMap<ToolSpec, number>();

/**
 * Estimates the tokens of a text without a vocabulary, by kinds of characters: 4 letters or spaces a token, 2.5 digits,
 * 2 other ASCII signs, 2 letters of other alphabets, 1 ideograph, 1 half of a surrogate pair. Meant to be high rather
 * than low: English prose comes out about right, JSON and code somewhat high.
 *
 * @returns a whole number, 0 for an empty text
 */
export function estimateTextTokens(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum += weightOf(text.charCodeAt(index));
  return Math.ceil(sum);
}

function weightOf(unit: number): number {
  if ((unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 32) return 0.25;
  if (unit >= 48 && unit <= 57) return 0.4;
  if (unit < 0x2e80) return 0.5;
  return 1;
}

/** Tokens of one message with its format; kept for as long as the message object lives. */
export function estimateMessageTokens(message: Message): number {
  const known = messageTokens.get(message);
  if (known !== undefined) return known;
  const calls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
  const tokens =
    MESSAGE_OVERHEAD +
    estimateTextTokens(message.content ?? "") +
    (message.role === "tool" ? estimateTextTokens(message.name) : 0) +
    calls.reduce(
      (sum, call) =>
        sum +
        CALL_OVERHEAD +
        estimateTextTokens(call.name) +
        estimateTextTokens(call.malformedArguments ?? JSON.stringify(call.arguments)),
      0,
    );
  messageTokens.set(message, tokens);
  return tokens;
}

function estimateToolTokens(tool: ToolSpec): number {
  const known = toolTokens.get(tool);
  if (known !== undefined) return known;
  const text = `${tool.name} ${tool.description} ${JSON.stringify(tool.parameters)}`;
  const tokens = TOOL_OVERHEAD + estimateTextTokens(text);
  toolTokens.set(tool, tokens);
  return tokens;
}

/** Tokens of a whole request: messages, tool descriptions and what opens the reply. */
export function estimateRequestTokens(messages: readonly Message[], tools: readonly ToolSpec[]): number {
  return (
    REPLY_PRIMING +
    messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0) +
    tools.reduce((sum, tool) => sum + estimateToolTokens(tool), 0)
  );
}
