import { contextUsed } from "./context-used.js";
import type { Strategy } from "./strategy.js";

/** Think, act, observe, until the model answers. Why it acts is in the trace where the model says so unasked. */
export const react: Strategy = {
  name: "react",
  async run(turn) {
    for (;;) {
      const asked = turn.clock.monotonic();
      const reply = await turn.think();
      const durationMs = turn.clock.monotonic() - asked;
      if (reply.toolCalls.length === 0) return turn.respond(reply.text ?? "");
      const { thought, confidence = null, alternatives = [] } = reply.reasoning ?? {};
      const text = thought ?? reply.text ?? "";
      if (text !== "") {
        turn.reason({ text, confidence, alternatives, contextUsed: contextUsed(turn), durationMs });
      }
      await turn.act(reply);
    }
  },
};
