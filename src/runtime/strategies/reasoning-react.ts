import type { ModelReply, Reasoning } from "../../core/message.js";
import type { Turn } from "../turn.js";
import { type ConfidenceGate, requireConfidence } from "./confidence-gate.js";
import { contextUsed } from "./context-used.js";
import { type ReasonedCall, separateReasoning, withReasoning } from "./reasoning-argument.js";
import type { Strategy } from "./strategy.js";

/**
 * As `react`, with the reasoning behind each action in the trace. It comes from the reply where the model supplies it,
 * and from one more argument of every tool where it does not: that works with every provider that calls tools.
 */
export function reasoningReact(gate: ConfidenceGate): Strategy {
  return {
    name: "react",
    async run(turn) {
      const specs = turn.tools.map(({ spec }) => spec);
      const offered = specs.map(withReasoning);
      for (;;) {
        const asked = turn.clock.monotonic();
        const reply = await turn.think({ tools: offered });
        const durationMs = turn.clock.monotonic() - asked;
        const calls = separateReasoning(reply, specs);
        record(turn, reply, calls, durationMs);
        if (calls.length === 0) return turn.respond(reply.text ?? "");
        requireConfidence(
          turn,
          calls.map((one) => intended(one, reply)),
          gate,
        );
        await turn.act({ ...reply, toolCalls: calls.map(({ call }) => call) });
      }
    },
  };
}

/** Where both the reply and the call state a confidence, the lower one counts. */
function intended({ call, reasoning }: ReasonedCall, reply: ModelReply) {
  const stated = [reasoning?.confidence, reply.reasoning?.confidence].filter(
    (one) => typeof one === "number",
  );
  return { tool: call.name, confidence: stated.length === 0 ? null : Math.min(...stated) };
}

function record(turn: Turn, reply: ModelReply, calls: readonly ReasonedCall[], durationMs: number): void {
  const own = reply.reasoning === undefined ? [] : [reply.reasoning];
  const stated = [...own, ...calls.flatMap(({ reasoning }) => (reasoning === null ? [] : [reasoning]))];
  const unstated: Reasoning[] =
    calls.length === 0 ? [] : [{ thought: reply.text ?? "", confidence: null, alternatives: [] }];
  for (const { thought, confidence, alternatives } of stated.length > 0 ? stated : unstated) {
    turn.reason({ text: thought, confidence, alternatives, contextUsed: contextUsed(turn), durationMs });
  }
}
