import type { Message, TokenUsage } from "../../../core/message.js";
import type {
  AgentContext,
  AgentFunction,
  AgentInput,
  AgentReply,
  AgentReport,
} from "../module/agent-function.js";
import { jsonArguments, jsonValue } from "./json-value.js";
import { TurnHistory } from "./turn-history.js";

/** Items that agentctl knows of; the SDK's own, with tool calls, are among them, but nobody looks into those. */
type InputItem =
  | { role: "system"; content: string }
  | { role: "user"; content: string }
  | { role: "assistant"; status: "completed"; content: { type: "output_text"; text: string }[] };

interface RunItem {
  readonly type: string;
  readonly rawItem?: object | undefined;
  /** Of the result of a tool. */
  readonly output?: unknown;
}

interface RunUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly inputTokensDetails?: readonly { readonly [name: string]: number }[];
  readonly outputTokensDetails?: readonly { readonly [name: string]: number }[];
}

/** The parts of the result of `run` that are read. */
export interface OpenAIAgentsResult {
  readonly finalOutput?: unknown;
  readonly newItems: readonly RunItem[];
  readonly rawResponses: readonly { readonly usage: RunUsage }[];
  readonly history: readonly object[];
  readonly interruptions?: readonly unknown[] | undefined;
}

/** `run` of the Agents SDK, or the method of a `Runner`. */
export type OpenAIAgentsRun<Agent> = (
  agent: Agent,
  input: InputItem[],
  options: { readonly signal: AbortSignal },
  context: AgentContext,
) => PromiseLike<OpenAIAgentsResult>;

/**
 * Makes an agent of kind `module` of one of the OpenAI Agents SDK for JavaScript, version 0.20:
 * `export default fromOpenAIAgents(agent, (agent, input, options) => run(agent, input, options))`. Tool calls and their
 * results and the tokens of all responses are reported; items of earlier turns are kept with their tool calls. An agent
 * that waits for the approval of a tool call hands over to a person.
 *
 * @param run - `run`, or the method of a `Runner` with a model provider of its own; `context` has the tools that agentctl
 *   runs
 */
export function fromOpenAIAgents<Agent>(agent: Agent, run: OpenAIAgentsRun<Agent>): AgentFunction {
  const history = new TurnHistory<InputItem>(inputItem);
  return async (input: AgentInput, context: AgentContext): Promise<AgentReply> => {
    const result = await run(agent, [...history.itemsOf(input)], { signal: context.signal }, context);
    history.remember(input, result.history as readonly InputItem[]);
    const usage = usageOf(result.rawResponses.map(({ usage: one }) => one));
    const isWaiting = (result.interruptions?.length ?? 0) > 0;
    // The SDK warns of a look at what there is not.
    const finalOutput = isWaiting ? undefined : result.finalOutput;
    if (finalOutput === undefined && !isWaiting) throw new Error("the run ended without a final output");
    return {
      ...reportOf(result.newItems, new Set(context.tools.map(({ name }) => name))),
      ...(finalOutput === undefined
        ? {}
        : { text: typeof finalOutput === "string" ? finalOutput : JSON.stringify(jsonValue(finalOutput)) }),
      escalated: isWaiting,
      ...(usage === null ? {} : { usage }),
    };
  };
}

function inputItem(message: Message): InputItem | null {
  if (message.role === "tool" || message.content === null) return null;
  if (message.role !== "assistant") return { role: message.role, content: message.content };
  return {
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: message.content }],
  };
}

/** @param known - tools that agentctl ran itself: their calls are in the trace already */
function reportOf(items: readonly RunItem[], known: ReadonlySet<string>): AgentReport {
  const outputs = new Map<string, unknown>();
  for (const { type, rawItem, output } of items) {
    if (type === "tool_call_output_item" && rawItem !== undefined && "callId" in rawItem) {
      outputs.set(String(rawItem.callId), output ?? ("output" in rawItem ? rawItem.output : null));
    }
  }
  return {
    toolCalls: items.flatMap(({ type, rawItem }) => {
      if (type !== "tool_call_item" || rawItem === undefined || !("name" in rawItem)) return [];
      if (known.has(String(rawItem.name))) return [];
      const id = "callId" in rawItem ? String(rawItem.callId) : null;
      return [
        {
          name: String(rawItem.name),
          arguments: jsonArguments("arguments" in rawItem ? rawItem.arguments : undefined),
          ...(id !== null && outputs.has(id) ? { result: jsonValue(outputs.get(id)) } : {}),
        },
      ];
    }),
  };
}

/** The tokens of all responses; `null` when none counted any, as a model that does not report its usage. */
function usageOf(usages: readonly RunUsage[]): TokenUsage | null {
  const sum = (of: (usage: RunUsage) => number) => usages.reduce((total, usage) => total + of(usage), 0);
  const detail = (details: RunUsage["inputTokensDetails"], name: string) =>
    (details ?? []).reduce((total, one) => total + (one[name] ?? 0), 0);
  const inputTokens = sum((usage) => usage.inputTokens);
  const outputTokens = sum((usage) => usage.outputTokens);
  if (inputTokens + outputTokens === 0) return null;
  return {
    inputTokens,
    outputTokens,
    cachedInputTokens: sum((usage) => detail(usage.inputTokensDetails, "cached_tokens")),
    reasoningTokens: sum((usage) => detail(usage.outputTokensDetails, "reasoning_tokens")),
  };
}
