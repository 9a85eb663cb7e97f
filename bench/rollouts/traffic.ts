import { setTimeout } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Arm } from "../../src/core/traffic-split.js";

/** What one conversation met. */
interface Conversation {
  readonly id: string;
  readonly startedAt: number;
  readonly arm: Arm;
}

/** What was sent, and what became of it. */
interface Counts {
  requests: number;
  /** Neither the request nor its one repetition was answered below 500. */
  lost: number;
  /** Cut before an answer, and sent again, as clients of OpenAI do by themselves. */
  repeated: number;
}

export interface TrafficOptions {
  readonly url: string;
  /** Model that the canary's server names in its answers. */
  readonly canaryModel: string;
  readonly conversationsPerSecond: number;
  /** Tells what came of a conversation. */
  onEnd(id: string, arm: Arm): Promise<void>;
}

const TURNS = 3;
const THINK_MS = 150;

/** Conversations of three turns over kept connections; who answered is what the server says of itself, not the router. */
export class Traffic {
  readonly counts: Counts = { requests: 0, lost: 0, repeated: 0 };
  readonly conversations: Conversation[] = [];
  /** When the last request that the canary answered was sent; ms since 1970. */
  lastCanaryAt = 0;
  private readonly agent = new Agent({ connections: 64, pipelining: 1 });
  private readonly open = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;
  private number = 0;

  constructor(private readonly options: TrafficOptions) {
    this.timer = setInterval(() => this.begin(), 1000 / options.conversationsPerSecond);
  }

  /** No new conversations; those under way end. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
    await this.agent.close();
  }

  private begin(): void {
    this.number += 1;
    const talk = this.converse(`c-${process.pid}-${Date.now()}-${this.number}`);
    this.open.add(talk);
    void talk.finally(() => this.open.delete(talk));
  }

  private async converse(id: string): Promise<void> {
    const startedAt = Date.now();
    let first: Arm | null = null;
    for (let turn = 0; turn < TURNS; turn += 1) {
      if (turn > 0) await setTimeout(THINK_MS);
      const arm = await this.ask(id);
      if (arm === null) return;
      first ??= arm;
    }
    if (first === null) return;
    this.conversations.push({ id, startedAt, arm: first });
    await this.options.onEnd(id, first);
  }

  private async ask(id: string): Promise<Arm | null> {
    this.counts.requests += 1;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const sentAt = Date.now();
      const arm = await this.send(id);
      if (arm === "canary") this.lastCanaryAt = Math.max(this.lastCanaryAt, sentAt);
      if (arm !== null) return arm;
      if (attempt === 0) this.counts.repeated += 1;
    }
    this.counts.lost += 1;
    return null;
  }

  private async send(id: string): Promise<Arm | null> {
    try {
      const { statusCode, body } = await request(`${this.options.url}/v1/chat/completions`, {
        method: "POST",
        dispatcher: this.agent,
        headers: { "content-type": "application/json", "x-conversation-id": id },
        body: JSON.stringify({ model: "support", messages: [{ role: "user", content: "hello" }] }),
      });
      const answer = (await body.json()) as { readonly model?: string };
      if (statusCode >= 500) return null;
      return answer.model === this.options.canaryModel ? "canary" : "stable";
    } catch {
      return null;
    }
  }
}
