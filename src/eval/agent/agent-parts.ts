import type { AgentConfig } from "../../config/agent-schema.js";
import type { Clock } from "../../core/clock.js";
import type { ConversationPart } from "../../runtime/conversation-part.js";
import { contextPart } from "./context-part.js";
import { guardrailsPart } from "./guardrails-part.js";
import { ledgerPart } from "./ledger-part.js";
import { loopGuardPart } from "./loop-guard-part.js";
import { memoryPart } from "./memory-part.js";
import { toolPolicyPart } from "./tool-policy-part.js";

/** Where the parts of an agent keep what they must remember. */
export type PartStorage =
  /** For trials: everything is forgotten with the conversation. */
  | { readonly kind: "memory" }
  /** For chat and services: files below this folder. */
  | { readonly kind: "folder"; readonly path: string };

export interface PartContext {
  /** The agent file: named in problems, and paths in it are relative to its folder. */
  readonly file: string;
  readonly folder: string;
  readonly storage: PartStorage;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
}

/** The blocks of an agent file that parts are made from; agents that are not built in have some of them. */
type PartBlocks = Pick<
  AgentConfig,
  "guardrails" | "context" | "memory" | "tools" | "tool_policy" | "loop_guard" | "ledger"
>;

/** Makes a part from its block of the agent file; `null` when the file does not switch it on. */
export type PartFactory = (
  config: PartBlocks,
  context: PartContext,
) => ConversationPart | null | Promise<ConversationPart | null>;

/**
 * One row for each part, from the outermost to the innermost: a tool call passes the layers in this order, the last row
 * stands next to the tool.
 */
const factories: readonly PartFactory[] = [
  guardrailsPart,
  contextPart,
  memoryPart,
  toolPolicyPart,
  loopGuardPart,
  ledgerPart,
];

/** The parts that an agent file switches on, in the order of the registry. */
export async function agentParts(
  config: PartBlocks,
  context: PartContext,
): Promise<readonly ConversationPart[]> {
  const parts: ConversationPart[] = [];
  for (const factory of factories) {
    const part = await factory(config, context);
    if (part !== null) parts.push(part);
  }
  return parts;
}
