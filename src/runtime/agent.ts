import type { Identity } from "../core/identity.js";
import type { PartHashes } from "../core/run.js";
import type { Model, ModelParameters } from "../models/model.js";
import type { ConversationPart } from "./conversation-part.js";
import type { ContextRetriever } from "./retrieval/retriever.js";
import type { Strategy } from "./strategies/strategy.js";
import type { Tool } from "./tools/tool.js";
import type { ToolPolicy } from "./tools/tool-policy.js";

export interface TrialLimits {
  /** Largest number of model calls of the agent in one trial. */
  readonly maxSteps: number;
  readonly timeoutMs: number;
  /** US dollars, or `null` for no limit. */
  readonly budgetUsd: number | null;
  readonly toolResultMaxChars: number;
}

/** What an agent finds its passages with. */
interface AgentRetrieval {
  readonly retriever: ContextRetriever;
  readonly topK: number;
  /** Ids of the documents that can be found. */
  readonly documentIds: ReadonlySet<string>;
}

/** An agent version, ready to run: prompt, model, tools, retrieval and limits are fixed. */
export interface Agent {
  readonly name: string;
  /** Content hash of everything that decides its behaviour. */
  readonly version: string;
  /** Content hashes of its parts; absent: nothing is known of them. */
  readonly partHashes?: PartHashes;
  readonly promptVersion: string;
  /** The agent's own prompt; the environment's policy is added per case. */
  readonly systemPrompt: string;
  readonly model: Model;
  readonly parameters: ModelParameters;
  readonly retrieval: AgentRetrieval | null;
  /** Names of the tools to offer, or `null` for all tools of the environment. */
  readonly toolNames: readonly string[] | null;
  readonly limits: TrialLimits;
  readonly strategy: Strategy;
  /** From the outermost to the innermost: see {@link ConversationPart}. */
  readonly parts: readonly ConversationPart[];
  /** Tools beside those of the environment, opened once for the process. */
  readonly tools: readonly Tool[];
  /** What the agent file says of tools of the environment, by name; absent: nothing. */
  readonly toolPolicies?: ReadonlyMap<string, ToolPolicy>;
  /** Lets go of what the tools hold open, such as server processes. Absent: nothing is held. */
  readonly close?: () => Promise<void>;
  /** Lets go of what one conversation holds open, such as a process. Absent: nothing is held. */
  readonly endConversation?: (conversationId: string) => Promise<void>;
  /** Who the agent acts for where no session says otherwise. */
  readonly identity: Identity;
}
