import type { Clock } from "../core/clock.js";
import type { Emit } from "../core/events.js";
import type { Identity } from "../core/identity.js";
import type { Message, ModelReply, ToolSpec } from "../core/message.js";
import type { StopReason } from "../core/trial.js";
import type { EnvironmentSession } from "../environments/environment.js";
import type { CallPosition } from "../models/model.js";
import type { ConversationLog } from "./conversation-log.js";
import type { ModelCaller } from "./model-caller.js";
import type { Passage } from "./retrieval/retriever.js";
import type { Tool, ToolLayer } from "./tools/tool.js";
import type { TrialBudget } from "./trial-budget.js";

type Awaitable<T> = T | Promise<T>;

/** What a part knows of the conversation that it takes part in. */
export interface ConversationContext {
  readonly agentName: string;
  readonly conversationId: string;
  readonly traceId: string;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly log: ConversationLog;
  readonly tools: readonly Tool[];
  /** Also those that the agent is not offered, such as what undoes a call; left out, there are no others. */
  readonly allTools?: readonly Tool[];
  /** Aborted by the deadline of the conversation, or by the caller. */
  readonly signal: AbortSignal;
  /** Asks the agent's model for the part's own purposes (a summary, a classification); speaker `helper`. */
  readonly help: ModelCaller;
  /** For parts that hold conversations of their own; left out where there is none around the part. */
  readonly host?: ConversationHost;
}

/** What a conversation of another agent needs of the one that it works for. */
export interface ConversationHost {
  /** Tools of the world that both act in, under the policies of this agent. */
  readonly worldTools: readonly Tool[];
  readonly session: EnvironmentSession | null;
  /** Rules of the environment. */
  readonly policy: string;
  readonly position: Pick<CallPosition, "caseId" | "trial">;
  readonly budget: TrialBudget;
}

/** A text that goes on, perhaps changed, or an answer given in its place. */
export type TextDecision =
  | { readonly kind: "pass"; readonly text: string }
  /** `stop`: why the turn ends; `answered` lets the user go on talking. */
  | { readonly kind: "reply"; readonly text: string; readonly stop: StopReason };

/**
 * What a part does in one conversation; what it leaves out is not asked of it. Methods may answer at once or by a
 * promise. A part that throws an `AgentctlError` ends the trial in error.
 */
export interface ConversationHooks {
  /** The user said something. Before retrieval and the first model call. */
  onUserMessage?(text: string): Awaitable<TextDecision>;
  /** Passages were found for the user's message. May drop, mark or reorder them. */
  onPassages?(passages: readonly Passage[]): Awaitable<readonly Passage[]>;
  /** A request of the agent is about to be sent; what is returned is sent, and only that. */
  onModelRequest?(messages: readonly Message[], tools: readonly ToolSpec[]): Awaitable<readonly Message[]>;
  /** The agent's model has answered that request. */
  onModelReply?(reply: ModelReply): void;
  /** Around each tool call. The layers of earlier parts are outside those of later ones. */
  toolLayer?: ToolLayer;
  /** The agent is about to answer. Asked from the innermost part outwards; who says something else is the last. */
  onReply?(text: string): Awaitable<TextDecision>;
  /** The conversation is over; also after an error. */
  onEnd?(stop: StopReason): Awaitable<void>;
}

/** A part of the runtime that an agent file switches on: guardrails, memory, context window, ledger. */
export interface ConversationPart {
  readonly name: string;
  /** Begins one conversation. Must be cheap. */
  open(context: ConversationContext): ConversationHooks;
}
