import { RouterError } from "../../core/errors.js";
import { ALL_BPS } from "../../core/traffic-split.js";

/** What `set` of a router is asked for. */
export interface SplitTarget {
  readonly bps: number;
  readonly salt: string;
  readonly ifVersion?: string;
}

/** Stands in map files, configuration and annotations without quotes. */
const SALT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * @throws {RangeError} unless the share is an integer of 0 to 10,000
 * @throws {RouterError} when the salt cannot stand in a configuration file
 */
export function checkTarget(kind: string, { bps, salt }: SplitTarget): void {
  if (!Number.isInteger(bps) || bps < 0 || bps > ALL_BPS) {
    throw new RangeError(`${kind}: expected a share of 0 to ${ALL_BPS} basis points, found ${bps}`);
  }
  if (!SALT.test(salt)) {
    throw new RouterError("ROUTER_REFUSED", `${kind}: found salt ${JSON.stringify(salt.slice(0, 140))}`, {
      nextStep: "use 1 to 128 letters, digits, `.`, `_` and `-`",
    });
  }
}

/** @throws {RouterError} of code `ROUTER_CONFLICT` when somebody changed the split since */
export function refuseConflict(
  kind: string,
  { ifVersion }: SplitTarget,
  found: { readonly bps: number; readonly version: string },
): void {
  if (ifVersion === undefined || ifVersion === found.version) return;
  throw new RouterError(
    "ROUTER_CONFLICT",
    `${kind}: expected version ${ifVersion} of the split, found ${found.version} with ${found.bps} basis points`,
    { nextStep: "somebody changed it; read the split again and decide anew" },
  );
}

/** What a router throws when it could not do what was asked; the same call may succeed later. */
export function routerFailed(kind: string, what: string, nextStep: string, cause?: unknown): RouterError {
  return new RouterError("ROUTER_FAILED", `${kind}: ${what}`, {
    nextStep,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What a router throws that is not set up for what was asked. */
export function routerRefused(kind: string, what: string, nextStep: string): RouterError {
  return new RouterError("ROUTER_REFUSED", `${kind}: ${what}`, { nextStep });
}
