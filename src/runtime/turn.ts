import type { Clock } from "../core/clock.js";
import type { EventPayloads } from "../core/events.js";
import type { Identity } from "../core/identity.js";
import type { JsonSchema, Message, ModelReply, ToolCall, ToolSpec } from "../core/message.js";
import type { StopReason } from "../core/trial.js";
import type { Model } from "../models/model.js";
import type { ConversationLog } from "./conversation-log.js";
import type { Passage } from "./retrieval/retriever.js";
import type { Tool } from "./tools/tool.js";

export interface ThinkRequest {
  /** Messages instead of the conversation; the system prompt and the passages are put before them. */
  readonly messages?: readonly Message[];
  /** Tools on offer instead of all. */
  readonly tools?: readonly ToolSpec[];
  /** The reply must be JSON of this schema. It is not for the user, so it is not streamed. */
  readonly responseSchema?: JsonSchema;
  /** Asked instead of the agent's model. Whoever asks it emits the events of the call, and accounts for its cost. */
  readonly via?: Model;
}

/** Events that a strategy emits itself. */
export type StrategyEvent = "strategy_selected" | "plan_updated" | "guardrail_triggered";

/** What became of one tool call. */
export interface ActedCall {
  readonly call: ToolCall;
  /** What the model reads. */
  readonly content: string;
  readonly isError: boolean;
}

/**
 * One turn of the agent, as a strategy sees it: what the user said, and the only ways to think, act and answer. All
 * limits, guardrails, permissions and events are behind these methods; a strategy cannot go round them.
 */
export interface Turn {
  readonly userText: string;
  readonly identity: Identity;
  readonly tools: readonly Tool[];
  /** Found for the user's message; `null` when the agent retrieves nothing. */
  readonly passages: readonly Passage[] | null;
  /** For the time that a step of reasoning took. */
  readonly clock: Clock;
  /** The conversation; notes of a strategy survive a crash. */
  readonly log: ConversationLog;
  /**
   * Asks the model. Counts as one step.
   *
   * @throws {TurnStopped} at a limit of the conversation
   * @throws {ProviderError} when the model cannot answer
   */
  think(request?: ThinkRequest): Promise<ModelReply>;
  /**
   * Runs the calls of a reply one after the other, or at the same time where `parallel`, and puts the reply and the
   * results into the conversation, in the order of the calls.
   *
   * @throws {TurnStopped} when a call ended the conversation or asks the user
   */
  act(reply: ModelReply, options?: { readonly parallel?: boolean }): Promise<readonly ActedCall[]>;
  /** Says something to the user, after the checks of all parts. The turn is over. */
  respond(text: string): Promise<StopReason>;
  /** Puts a step of reasoning into the trace; its number is added, and the agent's strategy where none is named. */
  reason(step: Omit<EventPayloads["reasoning_step"], "step">): void;
  emit<Type extends StrategyEvent>(type: Type, payload: EventPayloads[Type]): void;
}

/** A turn that ends before the strategy has an answer. Strategies let it pass. */
export class TurnStopped extends Error {
  override readonly name = "TurnStopped";

  /** @param reply - said to the user first, e.g. a question to confirm; `null` for nothing */
  constructor(
    readonly stop: StopReason,
    readonly reply: string | null = null,
  ) {
    super(`the turn was stopped: ${stop}`);
  }
}
