import { ANONYMOUS } from "../../../core/identity.js";
import type { ConversationLog } from "../../conversation-log.js";
import type { ConversationContext } from "../../conversation-part.js";
import { replyOf } from "./run-with-part.js";

/** What a part is opened with, where nothing else of the conversation matters. */
export function contextOf(
  log: ConversationLog,
  extra: Partial<ConversationContext> = {},
): ConversationContext {
  return {
    agentName: "agent",
    conversationId: "c",
    traceId: "t",
    identity: ANONYMOUS,
    clock: { now: () => 0, monotonic: () => 0 },
    emit: () => {},
    log,
    tools: [],
    signal: new AbortController().signal,
    help: async () => replyOf({}),
    ...extra,
  };
}
