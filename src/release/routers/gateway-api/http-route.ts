import { z } from "zod";
import type { RouterConfig } from "../../../config/release/release-schema.js";
import { ALL_BPS } from "../../../core/traffic-split.js";
import { routerFailed, routerRefused } from "../split-target.js";

type GatewayApiConfig = Extract<RouterConfig, { type: "gateway-api" }>;

/** Of the published definition of HTTPRoute: a weight is an integer of 0 to 1,000,000, 1 where there is none. */
const backendRef = z.looseObject({ name: z.string(), weight: z.int().min(0).max(1_000_000).default(1) });
const httpRoute = z.looseObject({
  kind: z.literal("HTTPRoute"),
  metadata: z.looseObject({ uid: z.string(), resourceVersion: z.string(), generation: z.int() }),
  spec: z.looseObject({
    rules: z.array(z.looseObject({ backendRefs: z.array(backendRef).default([]) })).default([]),
  }),
});

/** What counts of an HTTPRoute. */
export interface RouteSplit {
  readonly bps: number;
  /** Changes with the spec, whoever changed it, and not with the status, which the gateway writes after each change. */
  readonly version: string;
  /** Changes with everything; what a compare and swap needs. */
  readonly resourceVersion: string;
  /** Places of the two in `backendRefs`. */
  readonly stableAt: number;
  readonly canaryAt: number;
  readonly weights: { readonly stable: number; readonly canary: number };
}

/**
 * @param text - JSON of the route
 * @throws {RouterError} when it is no route, or its rule does not have exactly the two services: weights are relative,
 *   and a lone backend takes everything whatever its weight
 */
export function readRoute(text: string, config: GatewayApiConfig): RouteSplit {
  const place = `HTTPRoute ${config.namespace}/${config.route}`;
  let route: z.output<typeof httpRoute>;
  try {
    route = httpRoute.parse(JSON.parse(text));
  } catch (error) {
    throw routerFailed(
      "gateway-api",
      `${place} cannot be read: ${(error as Error).message.slice(0, 300)}`,
      "see `kubectl get httproute -o yaml`",
      error,
    );
  }
  const refs = route.spec.rules[config.rule]?.backendRefs ?? [];
  const stableAt = refs.findIndex(({ name }) => name === config.stable_service);
  const canaryAt = refs.findIndex(({ name }) => name === config.canary_service);
  if (refs.length !== 2 || stableAt === -1 || canaryAt === -1 || stableAt === canaryAt) {
    throw routerRefused(
      "gateway-api",
      `${place}, rule ${config.rule}: expected backendRefs ${config.stable_service} and ${config.canary_service}, found ${refs.map(({ name }) => name).join(", ") || "none"}`,
      "let the rule name exactly these two; `agentctl canary render gateway-api` shows one",
    );
  }
  const weights = { stable: refs[stableAt]?.weight ?? 1, canary: refs[canaryAt]?.weight ?? 1 };
  const whole = weights.stable + weights.canary;
  if (whole === 0) {
    throw routerRefused(
      "gateway-api",
      `${place}, rule ${config.rule}: both weights are 0, which answers every request with an error`,
      "give one of them a weight",
    );
  }
  const { uid, generation, resourceVersion } = route.metadata;
  return {
    bps: Math.round((ALL_BPS * weights.canary) / whole),
    version: `${uid}:${generation}`,
    resourceVersion,
    stableAt,
    canaryAt,
    weights,
  };
}

/** JSON patch that sets both weights, if nothing has changed since the route was read. Never a merge: that drops a backend. */
export function weightsPatch(route: RouteSplit, bps: number, rule: number): string {
  const weight = (at: number, value: number) => ({
    op: "add",
    path: `/spec/rules/${rule}/backendRefs/${at}/weight`,
    value,
  });
  return JSON.stringify([
    { op: "test", path: "/metadata/resourceVersion", value: route.resourceVersion },
    weight(route.stableAt, ALL_BPS - bps),
    weight(route.canaryAt, bps),
  ]);
}
