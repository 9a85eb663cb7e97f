import { ALL_BPS, type Arm } from "../../core/traffic-split.js";
import type { Split } from "./router.js";
import { routerRefused } from "./split-target.js";

/**
 * Drain of a router that has nothing but a share: an arm without one gets no new requests, and those under way end.
 *
 * @throws {RouterError} of code `ROUTER_REFUSED` while the arm has a share
 */
export function drainByShare(kind: string, arm: Arm, { bps }: Split): void {
  const share = arm === "canary" ? bps : ALL_BPS - bps;
  if (share === 0) return;
  throw routerRefused(
    kind,
    `it cannot drain ${arm} but by its share, which is ${share} basis points`,
    `set the share of ${arm} to 0: requests under way end by themselves`,
  );
}
