import { Pool } from "undici";
import type { GatewayConfig } from "../../config/gateway/gateway-schema.js";
import type { Pricer } from "../../models/price.js";
import { providerOf } from "../observe/provider-of.js";
import { Breaker } from "./breaker.js";

export interface BackendOptions {
  readonly url: string;
  /** In place of the model that clients name; `null`: theirs. */
  readonly model: string | null;
  readonly apiKey: string | null;
  readonly priceOf: Pricer | null;
  readonly config: Pick<GatewayConfig, "timeouts" | "limits" | "breaker">;
}

/** A model server: connections to it, and what is known of its health. */
export class Backend {
  readonly url: string;
  readonly model: string | null;
  readonly apiKey: string | null;
  readonly priceOf: Pricer | null;
  /** By its host, as OpenTelemetry names it; `null`: of none that is known. */
  readonly provider: string | null;
  readonly server: { readonly address: string; readonly port: number };
  readonly breaker: Breaker;
  readonly pool: Pool;
  /** What stands before `/v1` in its URL. */
  readonly basePath: string;
  /** By the checks that the gateway makes. */
  isUp = true;

  constructor({ url, model, apiKey, priceOf, config }: BackendOptions) {
    const { origin, pathname, protocol, hostname, port } = new URL(url);
    this.url = url;
    this.model = model;
    this.apiKey = apiKey;
    this.priceOf = priceOf;
    this.provider = providerOf(hostname);
    this.server = {
      address: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    };
    this.basePath = pathname === "/" ? "" : pathname;
    this.breaker = new Breaker(config.breaker);
    this.pool = new Pool(origin, {
      connections: config.limits.connections,
      pipelining: 1,
      connect: { timeout: config.timeouts.connect },
      // Servers close idle connections after as little as 5 s (uvicorn): ours must go first.
      keepAliveTimeout: 4_000,
    });
  }

  /** Whether a request may go; see {@link Breaker.admits}. */
  admits(now: number): boolean {
    return this.isUp && this.breaker.admits(now);
  }
}
