import { conversationKey } from "../../core/conversation-key.js";
import type { LiveEvent } from "../../core/live-event.js";

const MOST_CONVERSATIONS = 100_000;

/**
 * The trace of the last request of the conversations seen last, by tenant and id as events hold them. Forgotten at a restart,
 * and when 100,000 others came after.
 */
export class ConversationMemory {
  readonly #traces = new Map<string, string>();

  see(event: LiveEvent): void {
    if (event.event_type !== "request_served" || event.conversation_id === event.trace_id) return;
    const key = conversationKey(event.tenant_id, event.conversation_id);
    this.#traces.delete(key);
    this.#traces.set(key, event.trace_id);
    if (this.#traces.size <= MOST_CONVERSATIONS) return;
    const [oldest] = this.#traces.keys();
    if (oldest !== undefined) this.#traces.delete(oldest);
  }

  /** `undefined`: none is known. */
  lastTrace(tenantId: string, conversationId: string): string | undefined {
    return this.#traces.get(conversationKey(tenantId, conversationId));
  }
}
