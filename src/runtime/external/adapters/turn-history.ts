import type { AgentInput } from "../module/agent-function.js";

/** Conversations that are remembered at once; of more, the oldest are told again from their texts. */
const MAX_CONVERSATIONS = 1_000;

interface Told<Item> {
  readonly items: readonly Item[];
  readonly userMessages: number;
}

/**
 * What a framework's own messages of a conversation were, tool calls and results included: agentctl knows the texts
 * alone. A conversation that does not go on where it was left, as when a trial is run again, begins anew.
 */
export class TurnHistory<Item> {
  private readonly told = new Map<string, Told<Item>>();

  /** @param itemOf - one message as the framework wants it; `null` to leave it out */
  constructor(private readonly itemOf: (message: AgentInput["messages"][number]) => Item | null) {}

  /** What the framework is to be given for this message. */
  itemsOf({ conversationId, messages }: Pick<AgentInput, "conversationId" | "messages">): readonly Item[] {
    const known = this.told.get(conversationId);
    const last = messages.at(-1);
    if (known === undefined || last === undefined || known.userMessages !== userMessages(messages) - 1) {
      return messages.flatMap((message) => this.itemOf(message) ?? []);
    }
    return [...known.items, ...[last].flatMap((message) => this.itemOf(message) ?? [])];
  }

  /** Remembers the whole conversation as the framework gave it back. */
  remember(
    { conversationId, messages }: Pick<AgentInput, "conversationId" | "messages">,
    items: readonly Item[],
  ): void {
    this.told.delete(conversationId);
    this.told.set(conversationId, { items, userMessages: userMessages(messages) });
    const [oldest] = this.told.keys();
    if (this.told.size > MAX_CONVERSATIONS && oldest !== undefined) this.told.delete(oldest);
  }
}

function userMessages(messages: AgentInput["messages"]): number {
  return messages.filter(({ role }) => role === "user").length;
}
