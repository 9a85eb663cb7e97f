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

/** Messages that agentctl knows of; the AI SDK's own, with tool calls, are among them, but nobody looks into those. */
type ModelMessage =
  | { role: "system"; content: string }
  | { role: "user"; content: string }
  | { role: "assistant"; content: string };

/** What a call of the AI SDK is given. */
export interface AiSdkCall {
  readonly messages: ModelMessage[];
  readonly abortSignal: AbortSignal;
}

/** What a function around `generateText` or `streamText` is given, to be spread into its call. */
export interface AiSdkFunctionCall extends AiSdkCall {
  /** The rules of an environment are one: they come from agentctl, never from the user. */
  readonly allowSystemInMessages: true;
}

interface AiSdkStep {
  readonly toolCalls: readonly {
    readonly toolCallId: string;
    readonly toolName: string;
    readonly input: unknown;
  }[];
  readonly content: readonly object[];
  readonly reasoningText?: string | undefined;
}

interface AiSdkUsage {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly inputTokenDetails?: {
    readonly cacheReadTokens?: number | undefined;
    readonly cacheWriteTokens?: number | undefined;
  };
  readonly outputTokenDetails?: { readonly reasoningTokens?: number | undefined };
}

interface AiSdkResponse {
  readonly modelId: string;
  readonly messages: readonly object[];
}

/** The parts of the result of `generateText` that are read. */
export interface AiSdkResult {
  readonly text: string;
  readonly steps: readonly AiSdkStep[];
  readonly totalUsage: AiSdkUsage;
  readonly response: AiSdkResponse;
}

/** The parts of the result of `streamText` that are read. */
export interface AiSdkStream {
  readonly textStream: AsyncIterable<string>;
  readonly text: PromiseLike<string>;
  readonly steps: PromiseLike<readonly AiSdkStep[]>;
  readonly totalUsage: PromiseLike<AiSdkUsage>;
  readonly response: PromiseLike<AiSdkResponse>;
}

/** An agent of the AI SDK, such as `ToolLoopAgent`. */
export interface AiSdkAgent {
  generate(call: AiSdkCall): PromiseLike<AiSdkResult>;
}

/** A function around `generateText` or `streamText`; `context` has the tools that agentctl runs. */
export type AiSdkFunction = (
  call: AiSdkFunctionCall,
  context: AgentContext,
) => AiSdkStream | AiSdkResult | PromiseLike<AiSdkResult | AiSdkStream>;

/**
 * Makes an agent of kind `module` of one of the Vercel AI SDK, version 6: `export default fromAiSdk(agent)`, or
 * `fromAiSdk((call) => streamText({ model, tools, ...call }))`. Tool calls, their results and errors, thoughts and the
 * tokens of all steps are reported; messages of earlier turns are kept with their tool calls. An agent that waits for
 * the approval of a tool call hands over to a person.
 */
export function fromAiSdk(agent: AiSdkAgent | AiSdkFunction): AgentFunction {
  const history = new TurnHistory<ModelMessage>(modelMessage);
  return async (input: AgentInput, context: AgentContext): Promise<AgentReply> => {
    const messages = [...history.itemsOf(input)];
    const call = { messages, abortSignal: context.signal };
    const given = await (typeof agent === "function"
      ? agent({ ...call, allowSystemInMessages: true }, context)
      : agent.generate(call));
    const { text, steps, totalUsage, response } = isStream(given) ? await streamed(given, context) : given;
    history.remember(input, [...messages, ...(response.messages as readonly ModelMessage[])]);
    const usage = usageOf(totalUsage);
    return {
      ...reportOf(steps, new Set(context.tools.map(({ name }) => name))),
      text,
      model: response.modelId,
      escalated: hasPart(steps, "tool-approval-request"),
      ...(usage === null ? {} : { usage }),
    };
  };
}

function isStream(given: AiSdkResult | AiSdkStream): given is AiSdkStream {
  return "textStream" in given;
}

async function streamed(stream: AiSdkStream, { stream: show }: AgentContext): Promise<AiSdkResult> {
  for await (const delta of stream.textStream) show(delta);
  return {
    text: await stream.text,
    steps: await stream.steps,
    totalUsage: await stream.totalUsage,
    response: await stream.response,
  };
}

function modelMessage({ role, content }: Message): ModelMessage | null {
  return role === "tool" || content === null ? null : { role, content };
}

/** @param known - tools that agentctl ran itself: their calls are in the trace already */
function reportOf(steps: readonly AiSdkStep[], known: ReadonlySet<string>): AgentReport {
  const ends = new Map<string, { readonly result: unknown; readonly isError: boolean }>();
  for (const part of steps.flatMap(({ content }) => content)) {
    if (!("type" in part && "toolCallId" in part)) continue;
    const id = String(part.toolCallId);
    if (part.type === "tool-result" && "output" in part)
      ends.set(id, { result: part.output, isError: false });
    if (part.type === "tool-error" && "error" in part) {
      ends.set(id, { result: part.error instanceof Error ? part.error.message : part.error, isError: true });
    }
  }
  return {
    toolCalls: steps.flatMap(({ toolCalls }) =>
      toolCalls.flatMap(({ toolCallId, toolName, input }) => {
        if (known.has(toolName)) return [];
        const end = ends.get(toolCallId);
        const told = end === undefined ? {} : { result: jsonValue(end.result), isError: end.isError };
        return [{ name: toolName, arguments: jsonArguments(input), ...told }];
      }),
    ),
    reasoning: steps.flatMap(({ reasoningText }) => reasoningText ?? []),
  };
}

function hasPart(steps: readonly AiSdkStep[], type: string): boolean {
  return steps.some(({ content }) => content.some((part) => "type" in part && part.type === type));
}

function usageOf({
  inputTokens,
  outputTokens,
  inputTokenDetails: details,
  outputTokenDetails,
}: AiSdkUsage): TokenUsage | null {
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const cachedInputTokens = details?.cacheReadTokens;
  const cacheWriteTokens = details?.cacheWriteTokens;
  const reasoningTokens = outputTokenDetails?.reasoningTokens;
  return {
    inputTokens,
    outputTokens,
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
  };
}
