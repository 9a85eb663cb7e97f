import type { GatewayConfig } from "../../config/gateway/gateway-schema.js";
import type { Arm } from "../../core/traffic-split.js";
import { explicitPricer, type Pricer } from "../../models/price.js";
import type { GatewayParts } from "../start-gateway.js";
import { Backend } from "./backend.js";
import { startHealthChecks } from "./health-checks.js";

type ArmConfig = NonNullable<GatewayConfig["arms"][Arm]>;

/** The servers that gateway.yaml names. */
interface Backends {
  readonly stable: Backend;
  readonly canary: Backend | null;
  /** Begins to ask them whether they are up. */
  check(): void;
  /** Cuts what is under way. */
  close(): Promise<void>;
}

export async function openBackends(
  parts: Pick<GatewayParts, "config" | "secrets" | "clock" | "prices">,
): Promise<Backends> {
  const { config, secrets, clock, prices } = parts;
  const open = async (arm: ArmConfig, apiKey: string | null) =>
    new Backend({
      url: arm.url,
      model: arm.model ?? null,
      apiKey,
      priceOf: await pricerOf(arm, prices, () => clock.now()),
      config,
    });
  const stable = await open(config.arms.stable, secrets.armKeys.stable);
  const canary =
    config.arms.canary === undefined ? null : await open(config.arms.canary, secrets.armKeys.canary);
  const all = canary === null ? [stable] : [stable, canary];
  let endings: (() => void)[] = [];
  return {
    stable,
    canary,
    check() {
      endings = all.map((backend) => startHealthChecks(backend, config.health, clock));
    },
    async close() {
      for (const end of endings) end();
      await Promise.all(all.map((backend) => backend.pool.destroy()));
    },
  };
}

async function pricerOf(
  arm: ArmConfig,
  prices: GatewayParts["prices"],
  now: () => number,
): Promise<Pricer | null> {
  if (prices === null) return null;
  if (arm.price !== undefined) return explicitPricer(arm.price);
  return prices(arm.url, arm.model ?? "", now);
}
