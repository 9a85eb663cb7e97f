import { z } from "zod";
import type { RouterConfig } from "../../../config/release/release-schema.js";
import type { Arm } from "../../../core/traffic-split.js";
import type { ArmCounts, ServerName, Split, TrafficRouter } from "../router.js";
import type { RouterContext } from "../router-context.js";
import { checkTarget, type SplitTarget } from "../split-target.js";
import { ControlClient, controlAddress } from "./control-client.js";

type GatewayRouterConfig = Extract<RouterConfig, { type: "gateway" }>;

const split = z.object({
  bps: z.int(),
  effective_bps: z.int(),
  salt: z.string(),
  version: z.string(),
});

const arms = z.object({
  /** Gateways of before do not say it. */
  one_server: z.boolean().default(false),
  arms: z.array(
    z.object({
      arm: z.enum(["stable", "canary"]),
      isUp: z.boolean(),
      breaker: z.string(),
      requests: z.number(),
      errors: z.number(),
      redispatched: z.number(),
    }),
  ),
});

const anything = z.unknown();

/** A little longer than the gateway itself waits for requests under way. */
const DRAIN_MS = 35_000;

/**
 * `agentctl gateway`, by its control API. Sticky by `bucketOf`; compares and swaps; falls to 0 by itself when its lease is
 * not renewed. `get` gives what is in force: after such a fall 0, of another version than what was set.
 */
export class GatewayRouter implements TrafficRouter {
  readonly kind = "gateway";
  readonly isSticky = true;
  private readonly client: ControlClient;

  /**
   * @throws {RouterError} when the control address is not of this machine
   * @throws {ConfigError} when there is no token
   */
  constructor(
    config: GatewayRouterConfig,
    { folder, readSecret }: Pick<RouterContext, "folder" | "readSecret">,
  ) {
    this.client = new ControlClient(controlAddress(config.control, folder), readSecret(config.token));
  }

  async get(signal?: AbortSignal): Promise<Split> {
    return splitOf(await this.client.call({ method: "GET", path: "/v1/split", signal }, split));
  }

  async set(target: SplitTarget, signal?: AbortSignal): Promise<Split> {
    checkTarget(this.kind, target);
    const { bps, salt, ifVersion } = target;
    return splitOf(
      await this.client.call(
        { method: "PUT", path: "/v1/split", body: { bps, salt }, ifVersion, signal },
        split,
      ),
    );
  }

  async drain(arm: Arm, signal?: AbortSignal): Promise<void> {
    const path = `/v1/arms/${arm}/drain`;
    await this.client.call({ method: "POST", path, timeoutMs: DRAIN_MS, signal }, anything);
  }

  async stats(signal?: AbortSignal): Promise<readonly ArmCounts[]> {
    const answer = await this.client.call({ method: "GET", path: "/v1/arms", signal }, arms);
    return answer.arms.map(({ arm, isUp, breaker, requests, errors, redispatched }) => ({
      arm,
      isUp: isUp && breaker !== "open",
      requests,
      errors,
      redispatched,
    }));
  }

  async renewLease(ttlMs: number, signal?: AbortSignal): Promise<void> {
    const body = { ttl_ms: ttlMs };
    await this.client.call({ method: "PUT", path: "/v1/lease", body, signal }, anything);
  }

  async promote({ ifVersion }: { readonly ifVersion?: string } = {}, signal?: AbortSignal): Promise<void> {
    await this.client.call({ method: "POST", path: "/v1/promote", ifVersion, signal }, anything);
  }

  async demote({ url, model }: ServerName, signal?: AbortSignal): Promise<void> {
    const body = { stable: { url, model } };
    await this.client.call({ method: "POST", path: "/v1/demote", body, signal }, anything);
  }

  async isPromoted(signal?: AbortSignal): Promise<boolean> {
    return (await this.client.call({ method: "GET", path: "/v1/arms", signal }, arms)).one_server;
  }

  async close(): Promise<void> {}
}

function splitOf({ effective_bps, salt, version }: z.output<typeof split>): Split {
  return { bps: effective_bps, salt, version };
}
