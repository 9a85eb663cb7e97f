import type { StoredLog } from "./session-store.js";

/**
 * Closes a turn that was cut off. Calls without a result get one, for providers refuse a conversation without; what
 * became of them, a ledger finds out.
 *
 * @param result - of each call that has none
 */
export function closeCutTurn(log: StoredLog, result: string): void {
  const asked = log.messages.findLastIndex(({ role }) => role === "assistant");
  const reply = log.messages[asked];
  const after = log.messages.slice(asked + 1);
  if (reply?.role === "assistant" && after.every(({ role }) => role === "tool")) {
    const closed = new Set(after.flatMap((one) => (one.role === "tool" ? [one.toolCallId] : [])));
    for (const { id, name } of reply.toolCalls ?? []) {
      if (!closed.has(id)) log.append({ role: "tool", toolCallId: id, name, content: result });
    }
  }
  log.closeTurn();
}
