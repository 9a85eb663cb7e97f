import type { RouteReason } from "../../core/live-event.js";
import { type Arm, armOf, PROBE_PREFIX } from "../../core/traffic-split.js";

/** Where a request is to go, before anybody asks whether the arm is up. */
export interface PlannedRoute {
  readonly arm: Arm;
  readonly route: RouteReason;
}

/**
 * @param key - what the split hashes; `null`: the request names none
 * @param wanted - arm that a tester asked for; `null` of anybody else
 * @param bps - share of the canary that is in force
 */
export function planRoute(key: string | null, wanted: Arm | null, bps: number, salt: string): PlannedRoute {
  if (wanted !== null) return { arm: wanted, route: "override" };
  if (key === null) return { arm: "stable", route: "no-id" };
  const route = key.startsWith(PROBE_PREFIX) ? "probe" : "bucket";
  return { arm: armOf(salt, key, bps), route };
}

/** How a request is told whose arm could not take it. A probe stays one: it must see where it landed. */
export function fallbackRoute(route: RouteReason): RouteReason {
  return route === "probe" ? "probe" : "fallback";
}
