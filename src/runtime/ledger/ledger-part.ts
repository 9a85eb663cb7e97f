import type { StopReason } from "../../core/trial.js";
import type { ToolOutcome } from "../../environments/environment.js";
import type { ConversationContext, ConversationHooks, ConversationPart } from "../conversation-part.js";
import { ConversationLedger } from "./conversation-ledger.js";
import { shareEffects } from "./effects-view.js";
import type { LedgerStore } from "./ledger-store.js";

export interface LedgerSettings {
  /** What becomes of a turn that ends with a failed side effect after others that were done. */
  readonly onFailure: "keep" | "compensate" | "escalate";
  /** Where a second call with the same tool and arguments is answered from the ledger. */
  readonly repeats: "turn" | "conversation" | "allow";
  readonly reconcileAttempts: number;
  readonly reconcileWaitMs: number;
  readonly settleMs: number;
}

export interface LedgerPartOptions {
  readonly settings: LedgerSettings;
  /** The ledger of a new conversation: one for all where it is kept, one of its own where it is forgotten. */
  readonly store: () => LedgerStore;
  readonly sleep: (ms: number) => Promise<void>;
}

const CUT: readonly StopReason[] = ["step_limit", "deadline", "budget", "tool_loop"];

/**
 * The ledger: an intent before each side effect and its outcome after it, so that no crash, retry or repetition makes a
 * second one. Its layer stands next to the tool.
 */
export function ledgerPart(options: LedgerPartOptions): ConversationPart {
  return {
    name: "ledger",
    open: (context: ConversationContext): ConversationHooks => {
      const ledger = new ConversationLedger(context, options);
      shareEffects(context.log, ledger.effects);
      return {
        onUserMessage: async (text) => {
          await ledger.newTurn();
          return { kind: "pass", text };
        },
        onModelRequest: async (messages) => {
          await ledger.catchUp();
          return ledger.corrected(messages);
        },
        toolLayer: (invocation, next): ToolOutcome | Promise<ToolOutcome> =>
          invocation.context.idempotencyKey === null
            ? next(invocation)
            : ledger.call(invocation, () => next(invocation)),
        onReply: (text) => ledger.beforeReply(text),
        onEnd: async (stop) => {
          if (CUT.includes(stop)) await ledger.abandonCutTurn(stop);
        },
      };
    },
  };
}
