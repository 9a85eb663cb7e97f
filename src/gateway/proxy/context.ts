import type { GatewayConfig } from "../../config/gateway/gateway-schema.js";
import type { Clock } from "../../core/clock.js";
import type { CaptureLog } from "../capture/capture-log.js";
import type { Doorkeeper, LiveEventSink, SplitKeeper } from "../parts.js";
import type { GatewayRoute } from "../start-gateway.js";
import type { Arms } from "./arms.js";
import type { AttemptTimes } from "./attempt.js";
import { Deadlines } from "./deadlines.js";
import type { Shadow } from "./shadow.js";

/** How long requests may take. */
export interface ProxyTimes extends AttemptTimes {
  /** All attempts at one request, with its answer. */
  readonly total: Deadlines;
}

export function proxyTimes(timeouts: GatewayConfig["timeouts"]): ProxyTimes {
  return {
    firstByte: new Deadlines(timeouts.first_byte),
    idle: new Deadlines(timeouts.idle),
    total: new Deadlines(timeouts.total),
  };
}

/** What every request is served with. */
export interface ProxyContext {
  readonly config: GatewayConfig;
  readonly clock: Clock;
  readonly doorkeeper: Doorkeeper;
  readonly split: SplitKeeper;
  readonly sink: LiveEventSink;
  readonly arms: Arms;
  readonly times: ProxyTimes;
  /** `null`: nothing is copied. */
  readonly shadow: Shadow | null;
  /** Keeps what is said; `null`: nothing is kept. */
  readonly capture: CaptureLog | null;
  readonly routes: readonly GatewayRoute[];
  readonly counts: { requests: number; withoutId: number };
}
