import type { ModelReply } from "../../core/message.js";
import { compensationArguments } from "../ledger/compensation-arguments.js";
import { turnOf } from "../marked-calls.js";
import type { Strategy } from "../strategies/strategy.js";
import type { DoneEffect } from "./effects-of-turn.js";

/** What became of effects that were to be undone. */
export interface Undoing {
  readonly undone: string[];
  /** Cannot be undone, or undoing it failed. */
  readonly left: string[];
}

/**
 * Undoes effects, the last one first, through all layers like any other call. Goes on after one that cannot be undone:
 * as little as possible is left.
 */
export function undoStrategy(effects: readonly DoneEffect[], outcome: Undoing): Strategy {
  return {
    name: "undo",
    async run(turn) {
      const pending = effects.toReversed();
      outcome.left.push(...pending.map(({ tool }) => tool.spec.name));
      for (const [index, { tool, args, result }] of pending.entries()) {
        const { compensation } = tool;
        const undoing = compensation === null ? null : compensationArguments(compensation, { args, result });
        if (compensation === null || undoing === null) continue;
        const id = `undo_${turnOf(turn.log)}_${index}`;
        const [acted] = await turn.act(replyOf({ id, name: compensation.tool, arguments: undoing }));
        if (acted?.isError !== false) continue;
        outcome.undone.push(tool.spec.name);
        outcome.left.splice(outcome.left.indexOf(tool.spec.name), 1);
      }
      return turn.respond(`Undone: ${outcome.undone.join(", ") || "nothing"}.`);
    },
  };
}

function replyOf(call: ModelReply["toolCalls"][number]): ModelReply {
  return {
    text: null,
    toolCalls: [call],
    finishReason: "tool_calls",
    usage: null,
    costUsd: 0,
    model: "undo",
  };
}
