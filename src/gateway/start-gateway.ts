import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayConfig } from "../config/gateway/gateway-schema.js";
import type { Clock } from "../core/clock.js";
import type { Pricer } from "../models/price.js";
import type { CaptureLog } from "./capture/capture-log.js";
import type { Client, DataPlane, Doorkeeper, LiveEventSink, SplitKeeper } from "./parts.js";
import { Arms } from "./proxy/arms.js";
import { proxyTimes } from "./proxy/context.js";
import { Exchange } from "./proxy/exchange.js";
import { closeServer, createGatewayServer, listen } from "./proxy/listen.js";
import { openBackends } from "./proxy/open-backends.js";
import { PromotedFile } from "./proxy/promoted-file.js";
import { Shadow } from "./proxy/shadow.js";

/** What `gateway.yaml` names and does not hold; see readGatewaySecrets. */
export interface GatewaySecrets {
  /** Keys to send to the arms; `null`: none is sent. */
  readonly armKeys: { readonly stable: string | null; readonly canary: string | null };
  /** PEM texts; `null`: plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string; readonly clientCa: string | null } | null;
  /** Token of the control API; `null` when there is none. */
  readonly controlToken: string | null;
}

/**
 * Another path on the address of the gateway, such as that for feedback. Its clients were let in by the doorkeeper, and
 * `done` is called when the answer has ended.
 */
export interface GatewayRoute {
  readonly method: string;
  readonly path: string;
  /** `true`: nobody is asked for a key, as for a health check; `client` is then one without name and tenant. */
  readonly isOpen?: boolean;
  handle(request: IncomingMessage, response: ServerResponse, client: Client): Promise<void> | void;
}

export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly secrets: GatewaySecrets;
  readonly clock: Clock;
  readonly doorkeeper: Doorkeeper;
  readonly split: SplitKeeper;
  readonly sink: LiveEventSink;
  /** Finds the price of an arm's tokens by its URL and model; `null`: requests are not priced. */
  readonly prices: ((url: string, model: string, now: () => number) => Promise<Pricer>) | null;
  readonly routes?: readonly GatewayRoute[];
  /** Keeps what is said in a sample of the conversations; the caller closes it. */
  readonly capture?: CaptureLog;
  /** Where a promotion is kept; `config.state` unless given. */
  readonly stateFolder?: string;
}

export interface GatewayCounts {
  /** Requests that were routed. */
  readonly requests: number;
  /** Those of them that named nothing to split by. */
  readonly withoutId: number;
  /** Copies that the canary was sent. */
  readonly shadowed: number;
  /** Copies that were due and not made: too many were under way, or the canary was down. */
  readonly shadowsDropped: number;
}

/** A gateway that listens. */
export interface Gateway {
  readonly port: number;
  /** Such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly dataPlane: DataPlane;
  /** Since the start. */
  counts(): GatewayCounts;
  /**
   * Takes no new requests, lets those under way end for some time, then cuts them. The sink is not closed.
   *
   * @param graceMs - how long they may take; 10,000 unless given
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * Starts the data plane.
 *
 * @throws {UsageError} when the address is taken
 * @throws {ConfigError} when certificate and key are none
 * @throws {StoreError} when it cannot be read whether the canary was promoted
 */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { config, secrets, clock, split, sink, doorkeeper } = parts;
  const backends = await openBackends(parts);
  const promoted = new PromotedFile(parts.stateFolder ?? config.state, config.arms);
  const server = createGatewayServer(config.limits, secrets.tls);
  const arms = new Arms({
    stable: backends.stable,
    canary: backends.canary,
    isPromoted: promoted.holds(),
    now: () => clock.monotonic(),
    keepPromotion: () => promoted.write(),
    dropPromotion: () => promoted.remove(),
  });
  const times = proxyTimes(config.timeouts);
  const shadow =
    config.shadow === undefined
      ? null
      : new Shadow({ config, limits: config.shadow, clock, split, sink, arms, times });
  const counts = { requests: 0, withoutId: 0 };
  const routes = parts.routes ?? [];
  const capture = parts.capture ?? null;
  const context = { config, clock, doorkeeper, split, sink, arms, times, shadow, capture, routes, counts };
  server.on("request", (request, response) => new Exchange(context, request, response).run());
  const port = await listen(server, config.listen).catch(async (error: unknown) => {
    await backends.close();
    throw error;
  });
  backends.check();
  const { host } = config.listen;
  return {
    port,
    origin: `${secrets.tls === null ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    dataPlane: arms,
    counts: () => ({ ...counts, shadowed: shadow?.sent ?? 0, shadowsDropped: shadow?.dropped ?? 0 }),
    close: async (graceMs = 10_000) => {
      await closeServer(server, graceMs);
      await backends.close();
    },
  };
}
