import type { Json } from "../../../core/hash.js";
import type { Identity } from "../../../core/identity.js";
import type { ModelReply } from "../../../core/message.js";
import type { ModelRequest } from "../../../models/model.js";
import type { Agent } from "../../agent.js";
import type { ConversationLog } from "../../conversation-log.js";
import type { ConversationPart } from "../../conversation-part.js";
import { agentOf, callOf, modelOf, openConversation, replyWith } from "../../strategies/testing/world.js";
import type { Tool } from "../../tools/tool.js";
import type { ToolPolicy } from "../../tools/tool-policy.js";
import type { Specialist, Team } from "../team.js";
import { teamPart } from "../team-part.js";
import { teamTools } from "../team-tools.js";

/** An agent with rights on orders and refunds. */
export const ada: Identity = {
  tenantId: "acme",
  userId: "ada",
  roles: ["agent"],
  scopes: ["orders:read", "refunds:write"],
};

/** A specialist for refunds whose failure the supervisor is told of. */
export function specialistOf(agent: Agent, extra: Partial<Specialist> = {}): Specialist {
  return {
    name: "billing",
    description: "Refunds.",
    agent,
    hasWorld: false,
    scopes: null,
    roles: null,
    retry: 0,
    onFailure: "continue",
    breakerFailures: 3,
    ...extra,
  };
}

type Replies = Parameters<typeof modelOf>[0];

/** A supervisor with specialists, in a conversation. */
export function scene(
  supervisorReplies: Replies,
  specialists: readonly Specialist[],
  {
    identity = ada,
    tools = [],
    world = [],
    toolPolicies,
    parts = [],
    log,
    limits,
    hasSharedState = true,
  }: {
    readonly identity?: Identity;
    readonly tools?: readonly Tool[];
    /** Tools of the world that all may act in. */
    readonly world?: readonly Tool[];
    readonly toolPolicies?: ReadonlyMap<string, ToolPolicy>;
    /** Of the supervisor, around its team. */
    readonly parts?: readonly ConversationPart[];
    readonly log?: ConversationLog;
    readonly limits?: Agent["limits"];
    readonly hasSharedState?: boolean;
  } = {},
) {
  const team: Team = { specialists, hasSharedState };
  const model = modelOf(supervisorReplies);
  const supervisor = agentOf(model, {
    name: "supervisor",
    identity,
    tools: [...tools, ...teamTools(team)],
    parts: [...parts, teamPart(team)],
    ...(toolPolicies === undefined ? {} : { toolPolicies }),
    ...(limits === undefined ? {} : { limits }),
  });
  return { model, ...openConversation(supervisor, { world, ...(log === undefined ? {} : { log }) }) };
}

/** A reply that hands a task over. */
export const delegate = (task: string, id = "d1", name = "billing") =>
  replyWith({ toolCalls: [callOf(`delegate_to_${name}`, { task }, id)] });
/** A reply that only says something. */
export const said = (text: string) => replyWith({ text });
/** What stands last in a request. */
export const lastResult = (request: ModelRequest | undefined) => request?.messages.at(-1)?.content ?? "";

/** A specialist that makes one call and then reports. */
export function worker(name: string, args: { readonly [key: string]: Json }, report = "Done.") {
  return (request: ModelRequest): ModelReply =>
    request.messages.at(-1)?.role === "tool"
      ? said(report)
      : replyWith({ toolCalls: [callOf(name, args, `w${request.messages.length}`)] });
}
