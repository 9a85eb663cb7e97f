import type { Json } from "../../core/hash.js";
import type { ConversationLog } from "../conversation-log.js";
import type { ToolArguments, ToolLayer } from "../tools/tool.js";

/** A side effect that really happened, and was not undone. */
export interface DoneEffect {
  readonly tool: string;
  readonly args: ToolArguments;
  /** What the tool answered, whole. */
  readonly result: string;
}

/** What is known to have happened in one conversation: the only ground for telling a user that something was done. */
export interface EffectsView {
  /** In the order in which they were done. Effects whose outcome is unknown are not among them. */
  done(): readonly DoneEffect[];
  /** Whether of some effect it is not known now whether it happened. */
  anyUnknown(): boolean;
}

/** Whether a tool message says that the outcome of its call is not known, whoever cut the call. */
export function tellsUnknownOutcome(content: string): boolean {
  return UNKNOWN.test(content);
}

const UNKNOWN = /^Error: (the turn was stopped; )?it is not known whether /;
const NOTE = "effects";
const shared = new WeakMap<ConversationLog, EffectsView>();

/** Makes the effects of a conversation known to its other parts; the ledger does. */
export function shareEffects(log: ConversationLog, view: EffectsView): void {
  shared.set(log, view);
}

/**
 * The effects of a conversation: those of the ledger where there is one, else those that {@link effectsLayer} noted.
 * Ask for it when it is needed, not when a part opens: later parts share theirs then.
 */
export function effectsOf(log: ConversationLog): EffectsView {
  return shared.get(log) ?? { done: () => noted(log), anyUnknown: () => wasToldUnknown(log) };
}

/** Whether a ledger knows what became of each side effect of the conversation. */
export function hasLedger(log: ConversationLog): boolean {
  return shared.has(log);
}

/** Notes side effects that were done, for conversations without a ledger. With one it only passes calls on. */
export function effectsLayer(log: ConversationLog): ToolLayer {
  return async (invocation, next) => {
    const outcome = await next(invocation);
    const { tool, call } = invocation;
    if (tool.reversibility === "read" || outcome.isError || hasLedger(log)) return outcome;
    const effect = { tool: call.name, args: call.arguments, result: outcome.content };
    log.setNote(NOTE, [...noted(log), effect] as unknown as Json);
    return outcome;
  };
}

function wasToldUnknown({ messages }: ConversationLog): boolean {
  return messages.some(({ role, content }) => role === "tool" && tellsUnknownOutcome(content));
}

function noted(log: ConversationLog): readonly DoneEffect[] {
  return (log.note(NOTE) ?? []) as unknown as readonly DoneEffect[];
}
