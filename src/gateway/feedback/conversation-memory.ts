import type { LiveEvent } from "../../core/live-event.js";

/** What was last seen of a conversation. */
export interface SeenConversation {
  readonly tenantId: string;
  readonly traceId: string;
}

const MOST_CONVERSATIONS = 100_000;

/**
 * The conversations seen last, by id as events hold it: which tenant has it, and the trace of its last request. Forgotten at
 * a restart, and when 100,000 others came after.
 */
export class ConversationMemory {
  readonly #seen = new Map<string, SeenConversation>();

  see(event: LiveEvent): void {
    if (event.event_type !== "request_served" || event.conversation_id === event.trace_id) return;
    const { conversation_id, tenant_id, trace_id } = event;
    const known = this.#seen.get(conversation_id);
    // The first tenant keeps an id that two of them use.
    if (known !== undefined && known.tenantId !== tenant_id) return;
    this.#seen.delete(conversation_id);
    this.#seen.set(conversation_id, { tenantId: tenant_id, traceId: trace_id });
    if (this.#seen.size <= MOST_CONVERSATIONS) return;
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined) this.#seen.delete(oldest);
  }

  find(conversationId: string): SeenConversation | undefined {
    return this.#seen.get(conversationId);
  }
}
