import type { Clock } from "../core/clock.js";
import type { AgentEvent, Emit, EventPayloads, EventType } from "../core/events.js";

/** Identity shared by all events of one trial. */
export interface ConversationIdentity {
  readonly traceId: string;
  readonly conversationId: string;
  readonly tenantId: string;
}

/** Collects the events of one conversation in order and gives each its id, time and turn. */
export class EventRecorder {
  readonly events: AgentEvent[] = [];
  /** 0-based index of the current user turn; the loop moves it on. */
  turn = 0;

  constructor(
    private readonly identity: ConversationIdentity,
    private readonly clock: Clock,
    /** Told of each event as it happens. */
    private readonly onEvent?: (event: AgentEvent) => void,
  ) {}

  readonly emit: Emit = <Type extends EventType>(type: Type, payload: EventPayloads[Type]): void => {
    const { traceId, conversationId, tenantId } = this.identity;
    const event = {
      event_id: `${traceId.slice(0, 16)}-${this.events.length}`,
      event_type: type,
      timestamp: new Date(this.clock.now()).toISOString(),
      conversation_id: conversationId,
      tenant_id: tenantId,
      turn_id: this.turn,
      trace_id: traceId,
      payload,
    } as AgentEvent;
    this.events.push(event);
    this.onEvent?.(event);
  };
}
