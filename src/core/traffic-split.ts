import { xxh32 } from "./xxh32.js";

/** The two versions of a service that share its traffic during a release. */
export type Arm = "stable" | "canary";

/** Basis points in the whole: 1 bp is 0.01 %. */
export const ALL_BPS = 10_000;

/** Ids that begin so are of checks of a router, never of users. */
export const PROBE_PREFIX = "agentctl-probe-";

/**
 * Bucket of a conversation (or user, or tenant), 0 to 9,999. The same salt and id give the same bucket in every router
 * that hashes with xxh32; another salt draws the buckets anew.
 */
export function bucketOf(salt: string, id: string): number {
  return xxh32(`${salt}:${id}`) % ALL_BPS;
}

/**
 * Where a conversation goes. Raising `bps` moves conversations from stable to canary only; none goes back.
 *
 * @param bps - share of the canary, 0 to 10,000
 */
export function armOf(salt: string, id: string, bps: number): Arm {
  return bucketOf(salt, id) < bps ? "canary" : "stable";
}
