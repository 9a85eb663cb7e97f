import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayConfig } from "../config/gateway/gateway-schema.js";
import type { Clock } from "../core/clock.js";
import type { Pricer } from "../models/price.js";
import type { Client, DataPlane, Doorkeeper, LiveEventSink, SplitKeeper } from "./parts.js";

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
}

/** A gateway that listens. */
export interface Gateway {
  readonly port: number;
  /** Such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly dataPlane: DataPlane;
  /**
   * Takes no new requests, lets those under way end for some time, then cuts them. The sink is not closed.
   *
   * @param graceMs - how long they may take; 10,000 unless given
   */
  close(graceMs?: number): Promise<void>;
}

/** @throws {UsageError} when the address is taken */
export type StartGateway = (parts: GatewayParts) => Promise<Gateway>;
