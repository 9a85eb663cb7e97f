import type { ConversationRecord } from "./conversation-record.js";

/** Whether any request of a conversation failed: asked of every conversation by several rules. */
export function hasFailedRequest({ requests }: Pick<ConversationRecord, "requests">): boolean {
  for (const { ok } of requests) if (!ok) return true;
  return false;
}
