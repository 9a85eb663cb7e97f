import type { RouterConfig } from "../../config/release/release-schema.js";
import { ExecRouter } from "./exec/exec-router.js";
import { GatewayRouter } from "./gateway/gateway-router.js";
import { GatewayApiRouter } from "./gateway-api/gateway-api-router.js";
import { HaproxyRouter } from "./haproxy/haproxy-router.js";
import { NginxRouter } from "./nginx/nginx-router.js";
import type { TrafficRouter } from "./router.js";
import type { RouterContext } from "./router-context.js";

type OfType<Type extends RouterConfig["type"]> = Extract<RouterConfig, { type: Type }>;

const routers: {
  readonly [Type in RouterConfig["type"]]: (config: OfType<Type>, context: RouterContext) => TrafficRouter;
} = {
  gateway: (config, context) => new GatewayRouter(config, context),
  haproxy: (config, context) => new HaproxyRouter(config, context),
  nginx: (config, context) => new NginxRouter(config, context),
  "gateway-api": (config, context) => new GatewayApiRouter(config, context),
  exec: (config, context) => new ExecRouter(config, context),
};

/**
 * The router that release.yaml names. Nothing is asked of it yet.
 *
 * @throws {ConfigError} when a secret that it needs is not there
 * @throws {RouterError} when it may not be reached from here
 */
export function openRouter(config: RouterConfig, context: RouterContext): TrafficRouter {
  const open = routers[config.type] as (config: RouterConfig, context: RouterContext) => TrafficRouter;
  return open(config, context);
}
