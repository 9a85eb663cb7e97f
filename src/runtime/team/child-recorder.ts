import type { Clock } from "../../core/clock.js";
import type { AgentEvent, Emit, EventPayloads } from "../../core/events.js";
import { EventRecorder } from "../event-recorder.js";

/** What a specialist's events say that its supervisor has to know. */
export interface ChildNews {
  /** Its words for the one who asked: not for the user. */
  said: string | null;
  /** Ids of calls whose effects were undone. */
  readonly undone: Set<string>;
}

export interface ChildRecorderOptions {
  readonly name: string;
  /** Stands before the ids of its calls: the same for no other run of a specialist in the conversation. */
  readonly prefix: string;
  readonly emit: Emit;
  readonly clock: Clock;
  /** Told when it asks for a confirmation, before the question goes out: no crash comes between. */
  readonly onAsked: () => void;
}

/**
 * Records what a specialist does in its supervisor's trace. Calls, queries and effects keep their events, with ids below
 * that of the delegation, so that every metric counts them once. What it hears and says is no part of the user's
 * conversation: `delegation_start` and `delegation_end` hold it.
 */
export function childRecorder(options: ChildRecorderOptions): {
  readonly recorder: EventRecorder;
  readonly news: ChildNews;
} {
  const news: ChildNews = { said: null, undone: new Set() };
  const forward = (event: AgentEvent) => {
    switch (event.event_type) {
      case "msg_received":
        return;
      case "response_sent":
        news.said = event.payload.text;
        return;
      case "guardrail_triggered":
        if (event.payload.action === "confirm") options.onAsked();
        break;
      case "effect_recorded":
        if (event.payload.status === "compensated") news.undone.add(event.payload.callId);
        break;
      default:
        break;
    }
    options.emit(event.event_type, tagged(event, options) as EventPayloads[typeof event.event_type]);
  };
  const identity = { traceId: "", conversationId: "", tenantId: "" };
  return { recorder: new EventRecorder(identity, options.clock, forward), news };
}

function tagged(event: AgentEvent, { name, prefix }: ChildRecorderOptions): object {
  switch (event.event_type) {
    case "reasoning_step":
      return { ...event.payload, strategy: `${name}/${event.payload.strategy ?? ""}` };
    case "strategy_selected":
      return { ...event.payload, strategy: `${name}/${event.payload.strategy}` };
    case "plan_updated":
      return { ...event.payload, reason: `${name}: ${event.payload.reason}` };
    default:
      return Object.fromEntries(
        Object.entries(event.payload).map(([key, value]: [string, unknown]) => [
          key,
          key === "callId" || key === "queryId" ? `${prefix}/${String(value)}` : value,
        ]),
      );
  }
}
