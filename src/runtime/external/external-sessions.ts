import type { ExternalAgent, ExternalConversation, ExternalSession } from "./external-agent.js";

/** Numbers of what an agent reported in one conversation so far. */
export interface ReportedCounts {
  tool: number;
  retrieval: number;
  model: number;
  exchange: number;
}

interface OpenConversation {
  readonly next: ReportedCounts;
  session: ExternalSession | null;
}

/** The open sessions of an agent by conversation: a turn at a terminal finds the process of the turn before it. */
export class ExternalSessions {
  private readonly open = new Map<string, OpenConversation>();

  constructor(private readonly agent: ExternalAgent) {}

  /** The session of a conversation, begun where there is none. */
  of(conversation: ExternalConversation): {
    readonly session: ExternalSession;
    readonly next: ReportedCounts;
  } {
    const { conversationId: id } = conversation;
    const found = this.open.get(id) ?? {
      next: { tool: 0, retrieval: 0, model: 0, exchange: 0 },
      session: null,
    };
    this.open.set(id, found);
    found.session ??= this.agent.open(conversation);
    return { session: found.session, next: found.next };
  }

  /** Gives up a session that failed: the next exchange of its conversation begins a new one. */
  async drop(id: string): Promise<void> {
    const found = this.open.get(id);
    if (found === undefined) return;
    const { session } = found;
    found.session = null;
    await session?.close();
  }

  /** Lets go of a conversation that is over. */
  async end(id: string): Promise<void> {
    await this.drop(id);
    this.open.delete(id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.keys()].map((id) => this.end(id)));
    await this.agent.close();
  }
}
