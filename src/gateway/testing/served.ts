import type { LiveEventOf, LiveEventPayloads } from "../../core/live-event.js";
import type { SpanFacts } from "../parts.js";

/** A request that was answered by stable, except as told. */
export function served(
  payload: Partial<LiveEventPayloads["request_served"]> = {},
  traceId = "0af7651916cd43dd8448eb211c80319c",
): LiveEventOf<"request_served"> {
  return {
    event_id: "e1",
    event_type: "request_served",
    timestamp: "2026-11-22T10:00:01.500Z",
    conversation_id: "c1",
    tenant_id: "acme",
    trace_id: traceId,
    payload: {
      service: "support",
      arm: "stable",
      release: "rel-1",
      bps: 500,
      route: "bucket",
      key: "c1",
      model: "m",
      operation: "chat",
      status: 200,
      ok: true,
      failure: null,
      streamed: false,
      latencyMs: 1_500,
      firstTokenMs: 400,
      usage: { inputTokens: 10, outputTokens: 5 },
      costUsd: 0.5,
      finishReason: "stop",
      ...payload,
    },
  };
}

/** The span of a request that a caller's span asked for, except as told. */
export function spanOfServed(facts: Partial<SpanFacts> = {}): SpanFacts {
  return {
    context: { spanId: "00f067aa0ba902b7", parentSpanId: "b7ad6b7169203331", flags: 1, traceState: "a=1" },
    provider: "openai",
    server: { address: "10.0.0.7", port: 8000 },
    requestModel: "m",
    responseModel: "m-2026",
    ...facts,
  };
}
