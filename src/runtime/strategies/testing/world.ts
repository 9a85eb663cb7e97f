import type { Clock } from "../../../core/clock.js";
import type { AgentEvent, EventPayloads, EventType } from "../../../core/events.js";
import { ANONYMOUS, type Identity } from "../../../core/identity.js";
import type { ModelReply, ToolCall } from "../../../core/message.js";
import type { Model, ModelRequest } from "../../../models/model.js";
import type { Agent } from "../../agent.js";
import { Conversation } from "../../conversation.js";
import { type ConversationLog, memoryLog } from "../../conversation-log.js";
import { EventRecorder } from "../../event-recorder.js";
import { FREE_TOOL } from "../../tools/free-tool.js";
import type { Tool, ToolArguments } from "../../tools/tool.js";
import { TrialBudget } from "../../trial-budget.js";
import { react } from "../react.js";

/** A reply with defaults; a `json` becomes its text. */
export function replyWith(part: Partial<ModelReply> & { readonly json?: unknown }): ModelReply {
  const { json, ...rest } = part;
  return {
    text: json === undefined ? null : JSON.stringify(json),
    toolCalls: [],
    finishReason: rest.toolCalls === undefined ? "stop" : "tool_calls",
    usage: null,
    costUsd: 0.01,
    model: "fake",
    ...rest,
  };
}

export function callOf(name: string, args: ToolCall["arguments"], id = `call-${name}`): ToolCall {
  return { id, name, arguments: args };
}

/** Answers from a list in order, or by a function; keeps what it was asked. */
export function modelOf(
  answer: readonly (ModelReply | Error)[] | ((request: ModelRequest, index: number) => ModelReply | Error),
): Model & { readonly requests: ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    provider: "list",
    name: "fake",
    requests,
    complete: async (request) => {
      const index = requests.length;
      requests.push({ ...request, messages: [...request.messages] });
      const next = typeof answer === "function" ? answer(request, index) : answer[index];
      if (next === undefined) throw new Error(`the model was asked ${index + 1} times`);
      if (next instanceof Error) throw next;
      return next;
    },
  };
}

/** A tool that answers by a function; what it was called with is kept in order. */
export function toolOf(
  name: string,
  answer: (args: ToolArguments) => unknown,
  extra: Partial<Tool> = {},
): Tool & { readonly calls: ToolArguments[] } {
  const calls: ToolArguments[] = [];
  return {
    spec: { name, description: `Does ${name}.`, parameters: { type: "object", properties: {} } },
    source: "module",
    reversibility: "read",
    ...FREE_TOOL,
    ...extra,
    calls,
    call: async (args) => {
      calls.push(args);
      const said = answer(args);
      if (said instanceof Error) return { content: `Error: ${said.message}`, isError: true };
      return { content: JSON.stringify(said), isError: false };
    },
  };
}

export function agentOf(model: Model, extra: Partial<Agent> = {}): Agent {
  return {
    name: "agent",
    version: "v1",
    promptVersion: "1",
    systemPrompt: "Be brief.",
    model,
    parameters: {},
    retrieval: null,
    toolNames: null,
    limits: { maxSteps: 20, timeoutMs: 10_000, budgetUsd: null, toolResultMaxChars: 4000 },
    strategy: react,
    parts: [],
    tools: [],
    identity: ANONYMOUS,
    ...extra,
  };
}

export interface OpenedConversation {
  readonly conversation: Conversation;
  readonly log: ConversationLog;
  readonly events: readonly AgentEvent[];
  readonly budget: TrialBudget;
  /** Payloads of the events of one type. */
  of<Type extends EventType>(type: Type): readonly EventPayloads[Type][];
}

const still: Clock = { now: () => 0, monotonic: () => 0 };

/** A conversation with an agent, on real classes throughout. */
export function openConversation(
  agent: Agent,
  {
    log = memoryLog(),
    world = [],
    clock = still,
    identity = agent.identity,
    signal = new AbortController().signal,
  }: {
    readonly log?: ConversationLog;
    /** Tools that are not the agent's own. */
    readonly world?: readonly Tool[];
    readonly clock?: Clock;
    readonly identity?: Identity;
    readonly signal?: AbortSignal;
  } = {},
): OpenedConversation {
  const recorder = new EventRecorder(
    { traceId: "t", conversationId: "c", tenantId: identity.tenantId },
    clock,
  );
  const budget = new TrialBudget(agent.limits, clock, signal);
  const conversation = new Conversation({
    agent,
    tools: [...world, ...agent.tools],
    session: null,
    policy: "",
    identity,
    conversationId: "c",
    traceId: "t",
    position: { caseId: "case", trial: 0 },
    recorder,
    budget,
    log,
    clock,
  });
  return {
    conversation,
    log,
    events: recorder.events,
    budget,
    of: <Type extends EventType>(type: Type) =>
      recorder.events.flatMap((event) =>
        event.event_type === type ? [event.payload as EventPayloads[Type]] : [],
      ),
  };
}
