import { canonicalJson } from "../../core/hash.js";
import type { ToolSpec } from "../../core/message.js";
import type { ModelRequest } from "../model.js";

/** The usual rule of thumb for English. */
const CHARACTERS_PER_TOKEN = 4;
/** What a reply is taken to need when no limit is stated. */
const ASSUMED_OUTPUT_TOKENS = 400;

/** A rough count of the tokens of a call, input and output, to keep a rate until the true count is known. */
export function estimateTokens({ messages, tools, parameters }: ModelRequest): number {
  let characters = toolCharacters(tools);
  for (const message of messages) {
    characters += message.content?.length ?? 0;
    if (message.role !== "assistant") continue;
    for (const call of message.toolCalls ?? []) characters += canonicalJson(call.arguments).length;
  }
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + (parameters.maxTokens ?? ASSUMED_OUTPUT_TOKENS);
}

const counted = new WeakMap<readonly ToolSpec[], number>();

/** The tools of an agent are the same list in every call. */
function toolCharacters(tools: readonly ToolSpec[]): number {
  if (tools.length === 0) return 0;
  const known = counted.get(tools) ?? canonicalJson(tools).length;
  counted.set(tools, known);
  return known;
}
