import type { CapturedExchange } from "../src/core/captured-exchange.js";

/** An exchange of the new version that a gateway kept, of a conversation of the tenant acme. */
export function sampleExchange(id: string, patch: Partial<CapturedExchange> = {}): CapturedExchange {
  return {
    capture_id: `capture-${id}`,
    timestamp: "2026-11-22T00:00:00.000Z",
    conversation_id: id,
    tenant_id: "acme",
    trace_id: "t",
    arm: "canary",
    release: "rel-1",
    model: "m",
    messages: [
      { role: "system", text: "be kind", toolCalls: [] },
      { role: "user", text: "Where is my parcel?", toolCalls: [] },
    ],
    answer: { role: "agent", text: "It comes tomorrow.", toolCalls: [] },
    answerHeld: [],
    latencyMs: 12,
    ...patch,
  };
}
