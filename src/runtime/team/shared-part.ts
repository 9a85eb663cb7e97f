import type { ConversationPart } from "../conversation-part.js";
import type { SharedState } from "./shared-state.js";
import { READ_SHARED, WRITE_SHARED } from "./team-tools.js";

/** Answers the tools of the board that a team shares. */
export function sharedPart(shared: SharedState, writer: string): ConversationPart {
  return {
    name: "team-board",
    open: () => ({
      toolLayer: (invocation, next) => {
        const { tool, call } = invocation;
        if (tool.source === "agent" && tool.spec.name === READ_SHARED) return shared.read(call.arguments);
        if (tool.source === "agent" && tool.spec.name === WRITE_SHARED)
          return shared.write(call.arguments, writer);
        return next(invocation);
      },
    }),
  };
}
