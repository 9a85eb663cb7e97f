import { forgetOwner, newOwner } from "../../runtime/session/session-owner.js";
import type { SessionStore } from "../../runtime/session/session-store.js";

/**
 * Gives up a turn that failed or was stopped: what the user says next is not held up by it. Calls without a result get
 * one, for providers refuse a conversation without.
 */
export function dropOpenTurn(store: SessionStore, sessionId: string): void {
  if (store.find(sessionId)?.isTurnOpen !== true) return;
  const owner = newOwner();
  try {
    if (store.claim(sessionId, { owner, text: null, whenBusy: "reject" }).kind === "busy") return;
    const log = store.log(sessionId, owner);
    const asked = log.messages.findLastIndex(({ role }) => role === "assistant");
    const reply = log.messages[asked];
    const after = log.messages.slice(asked + 1);
    if (reply?.role === "assistant" && after.every(({ role }) => role === "tool")) {
      const answered = new Set(after.flatMap((one) => (one.role === "tool" ? [one.toolCallId] : [])));
      for (const { id, name } of reply.toolCalls ?? []) {
        if (answered.has(id)) continue;
        const content = "Error: the turn was stopped; it is not known whether this was done.";
        log.append({ role: "tool", toolCallId: id, name, content });
      }
    }
    log.closeTurn();
    store.release(sessionId, owner);
  } finally {
    forgetOwner(owner);
  }
}
