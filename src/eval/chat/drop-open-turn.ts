import { closeCutTurn } from "../../runtime/session/close-cut-turn.js";
import { forgetOwner, newOwner } from "../../runtime/session/session-owner.js";
import type { SessionStore } from "../../runtime/session/session-store.js";

/**
 * Gives up a turn that failed or was stopped: what the user says next is not held up by it.
 */
export function dropOpenTurn(store: SessionStore, sessionId: string): void {
  if (store.find(sessionId)?.isTurnOpen !== true) return;
  const owner = newOwner();
  try {
    if (store.claim(sessionId, { owner, text: null, whenBusy: "reject" }).kind === "busy") return;
    const cut = "Error: the turn was stopped; it is not known whether this was done.";
    closeCutTurn(store.log(sessionId, owner), cut);
    store.release(sessionId, owner);
  } finally {
    forgetOwner(owner);
  }
}
