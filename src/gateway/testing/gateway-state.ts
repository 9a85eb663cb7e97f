import type { GatewayState } from "../observe/metrics-page.js";
import { TrafficCounts } from "../observe/traffic-counts.js";

/** A gateway that has seen nothing yet. */
export function emptyState(known: Partial<GatewayState> = {}): GatewayState {
  return {
    traffic: new TrafficCounts(),
    plane: { requests: 0, withoutId: 0, shadowed: 0, shadowsDropped: 0 },
    arms: [],
    split: {
      bps: 0,
      salt: "",
      release: null,
      version: "1",
      leaseEndsAt: null,
      effectiveBps: 0,
      leaseLeftMs: null,
      isSaved: true,
      leasesExpired: 0,
    },
    events: { written: 0, lost: 0, waiting: 0, failure: null },
    traces: null,
    ...known,
  };
}
