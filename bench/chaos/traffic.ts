import { appendFileSync } from "node:fs";
import { Agent, request } from "undici";
import type { LiveEvent } from "../../src/core/live-event.js";
import { type Arm, armOf } from "../../src/core/traffic-split.js";
import type { Split } from "../../src/release/routers/router.js";
import type { Moment } from "./simulated-time.js";

const LATENCY_MS = 300;

/** What came of the requests so far. */
export interface TrafficCounts {
  sent: number;
  /** No answer at all, since the router was dead. */
  lostWithRouter: number;
  /** An error of the router: the arm could not answer, and no other took it. */
  lostInArm: number;
  /** Of the canary's bucket, answered by stable. */
  fallbacks: number;
  /** Of a stable bucket, answered by the canary: must never be. */
  misrouted: number;
}

/** One conversation, and the process that answered it; `null`: none did. */
export interface Answered {
  readonly id: string;
  readonly by: Arm | null;
  readonly status: number;
}

/** Conversations of one request each, sent through the router and kept as live events. */
export class Traffic {
  readonly counts: TrafficCounts = { sent: 0, lostWithRouter: 0, lostInArm: 0, fallbacks: 0, misrouted: 0 };
  readonly #agent = new Agent({ connections: 8 });
  #ids = 0;

  constructor(
    private readonly url: string,
    private readonly file: string,
    private readonly salt: string,
  ) {}

  /**
   * @param split - as the router has it now; `null`: it is dead
   * @param isPromoted - whether the canary's address is the stable one
   * @returns who answered
   */
  async send(
    count: number,
    split: Split | null,
    { wall }: Moment,
    isPromoted = false,
  ): Promise<readonly Answered[]> {
    const ids = Array.from({ length: count }, () => {
      this.#ids += 1;
      return `${this.salt}-${this.#ids}`;
    });
    const answered = await Promise.all(ids.map((id) => this.#ask(id)));
    this.counts.sent += count;
    const lines = answered.flatMap((one) => this.#eventOf(one, split, wall, isPromoted));
    if (lines.length > 0) this.write(lines);
    return answered;
  }

  write(events: readonly LiveEvent[]): void {
    appendFileSync(this.file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #ask(id: string): Promise<Answered> {
    try {
      const { headers, statusCode, body } = await request(`${this.url}/v1/chat/completions`, {
        method: "POST",
        dispatcher: this.#agent,
        headers: { "x-conversation-id": id, "content-type": "application/json" },
        body: '{"model":"m","messages":[{"role":"user","content":"hello"}]}',
      });
      await body.dump();
      return { id, by: (headers["x-served-by"] as Arm | undefined) ?? null, status: statusCode };
    } catch {
      return { id, by: null, status: 0 };
    }
  }

  #eventOf(
    { id, by, status }: Answered,
    split: Split | null,
    wall: number,
    isPromoted: boolean,
  ): readonly LiveEvent[] {
    if (split === null || status === 0) {
      this.counts.lostWithRouter += 1;
      return [];
    }
    const meant = isPromoted ? "canary" : armOf(split.salt ?? "", id, split.bps);
    if (by === null) this.counts.lostInArm += 1;
    else if (meant === "canary" && by === "stable") this.counts.fallbacks += 1;
    else if (meant === "stable" && by === "canary") this.counts.misrouted += 1;
    const arm = by ?? meant;
    return [
      {
        event_id: id,
        event_type: "request_served",
        timestamp: new Date(wall).toISOString(),
        conversation_id: id,
        tenant_id: "acme",
        trace_id: "t",
        payload: {
          service: "support",
          arm,
          release: null,
          bps: split.bps,
          route: arm === meant ? "bucket" : "fallback",
          key: id,
          model: "m",
          status,
          ok: status < 500,
          failure: status < 500 ? null : "status",
          streamed: false,
          latencyMs: LATENCY_MS,
          firstTokenMs: LATENCY_MS,
          usage: null,
          costUsd: null,
          finishReason: "stop",
        },
      },
    ];
  }
}

/** A verified critical safety violation of a conversation. */
export function criticalEvent(id: string, wall: number): LiveEvent {
  return {
    event_id: `${id}-critical`,
    event_type: "safety_violation",
    timestamp: new Date(wall).toISOString(),
    conversation_id: id,
    tenant_id: "acme",
    trace_id: "t",
    payload: { rule: "planted", severity: "critical", verified: true },
  };
}
