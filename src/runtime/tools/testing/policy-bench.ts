import type { ToolLayerName } from "../../../config/agent/tools-schema.js";
import type { EventPayloads } from "../../../core/events.js";
import { ANONYMOUS, type Identity } from "../../../core/identity.js";
import type { ToolCall } from "../../../core/message.js";
import { type ConversationLog, memoryLog } from "../../conversation-log.js";
import { TurnStopped } from "../../turn.js";
import { FREE_TOOL } from "../free-tool.js";
import { toolPolicyPart } from "../policy/tool-policy-part.js";
import type { Tool, ToolArguments, ToolLayer } from "../tool.js";
import { type RanCall, ToolRunner } from "../tool-runner.js";

const ALL: readonly ToolLayerName[] = [
  "schema",
  "permission",
  "binding",
  "caps",
  "confirmation",
  "result_fields",
];

const SPEC = { name: "refund", description: "Refunds.", parameters: { type: "object" } };

/** A tool that notes what reaches it; free to call unless `extra` says otherwise. */
export function notingTool(extra: Partial<Tool> = {}): Tool & { readonly reached: ToolArguments[] } {
  const reached: ToolArguments[] = [];
  return {
    spec: SPEC,
    source: "module",
    reversibility: "irreversible",
    ...FREE_TOOL,
    call: (args) => {
      reached.push(args);
      return { content: "done", isError: false };
    },
    ...extra,
    reached,
  };
}

export interface PolicyBench {
  /** Runs a call as the strategy would; the number of the call is counted on unless it is given. */
  run(args: unknown, name?: string, step?: number): Promise<RanCall>;
  /** The user's next message. */
  say(text: string): void;
  readonly guardrails: EventPayloads["guardrail_triggered"][];
  readonly log: ConversationLog;
}

/** One conversation with the tool policy around some tools. */
export function policyBench(
  tools: readonly Tool[],
  options: {
    readonly identity?: Partial<Identity>;
    readonly layers?: readonly ToolLayerName[];
    readonly log?: ConversationLog;
    readonly offered?: readonly string[];
    /** A layer between the policy and the tool. */
    readonly inside?: ToolLayer;
    /** What becomes of a reply before the user reads it. */
    readonly spoken?: (reply: string) => string;
  } = {},
): PolicyBench {
  const guardrails: EventPayloads["guardrail_triggered"][] = [];
  const log = options.log ?? memoryLog();
  const spoken = options.spoken ?? ((reply: string) => reply);
  const identity = { ...ANONYMOUS, ...options.identity };
  const emit = (type: string, payload: unknown) => {
    if (type === "guardrail_triggered") guardrails.push(payload as EventPayloads["guardrail_triggered"]);
  };
  const signal = new AbortController().signal;
  const clock = { now: () => 0, monotonic: () => 0 };
  const common = { identity, clock, emit, signal, conversationId: "conversation" };
  const hooks = toolPolicyPart(new Set(options.layers ?? ALL)).open({
    ...common,
    agentName: "agent",
    traceId: "trace",
    log,
    tools,
    help: () => Promise.reject(new Error("no model is asked")),
  });
  const runner = new ToolRunner({
    ...common,
    tools,
    offered: new Set(options.offered ?? tools.map((tool) => tool.spec.name)),
    unknownTool: null,
    layers: [hooks.toolLayer, options.inside].filter((layer) => layer !== undefined),
    maxResultChars: 10_000,
    keep: () => {},
  });
  let next = 0;
  return {
    run: async (args, name = tools[0]?.spec.name ?? "", step = next++) => {
      const call = { id: `call-${step}`, name, arguments: args as ToolCall["arguments"] };
      try {
        return await runner.run(call, step);
      } catch (error) {
        if (error instanceof TurnStopped && error.reply !== null) {
          log.append({ role: "assistant", content: spoken(error.reply) });
        }
        throw error;
      }
    },
    say: (text) => {
      hooks.onUserMessage?.(text);
      log.append({ role: "user", content: text });
    },
    guardrails,
    log,
  };
}
