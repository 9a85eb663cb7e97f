import type { Strategy } from "./strategy.js";

/** Think, act, observe, until the model answers. */
export const react: Strategy = {
  name: "react",
  async run(turn) {
    for (;;) {
      const reply = await turn.think();
      if (reply.toolCalls.length === 0) return turn.respond(reply.text ?? "");
      if (reply.text !== null && reply.text !== "") turn.reason({ text: reply.text });
      await turn.act(reply);
    }
  },
};
