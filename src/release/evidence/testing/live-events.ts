import type { LiveEventOf, LiveEventPayloads, LiveEventType } from "../../../core/live-event.js";

const AT = Date.parse("2026-11-22T00:01:00.000Z");

/** An event of a conversation, for tests. */
export function liveEvent<Type extends LiveEventType>(
  event_id: string,
  event_type: Type,
  conversation_id: string,
  payload: LiveEventPayloads[Type],
  at = AT,
): LiveEventOf<Type> {
  return {
    event_id,
    event_type,
    timestamp: new Date(at).toISOString(),
    conversation_id,
    tenant_id: "acme",
    trace_id: "t",
    payload,
  };
}

/** A request of a conversation that the bucket sent to the canary at 5 %, for tests. */
export function servedEvent(
  event_id: string,
  conversation_id: string,
  patch: Partial<LiveEventPayloads["request_served"]> = {},
  at = AT,
): LiveEventOf<"request_served"> {
  return liveEvent(
    event_id,
    "request_served",
    conversation_id,
    {
      service: "support",
      arm: "canary",
      release: "rel-1",
      bps: 500,
      route: "bucket",
      key: conversation_id,
      model: "m",
      status: 200,
      ok: true,
      failure: null,
      streamed: false,
      latencyMs: 400,
      firstTokenMs: 90,
      usage: null,
      costUsd: 0.001,
      finishReason: "stop",
      ...patch,
    },
    at,
  );
}
