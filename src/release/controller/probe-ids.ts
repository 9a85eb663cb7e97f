import { ALL_BPS, type Arm, armOf, bucketOf, PROBE_PREFIX } from "../../core/traffic-split.js";
import type { TrafficRouter } from "../routers/router.js";

/** On each side of the boundary. */
const A_SIDE = 4;
const FEWEST = 2000;
/** At 0.01 % one id of 10,000 is the canary's. */
const MOST = 200_000;

/** An id and the arm where it must land; `null`: nobody can know beforehand. */
export interface ProbeId {
  readonly id: string;
  readonly arm: Arm | null;
}

/**
 * Ids on both sides of a split, those nearest to its boundary first; at 0 and 10,000 all are of one side.
 *
 * @param router - `armFor` of one that hashes in its own way
 */
export function probeIds(
  split: { readonly bps: number; readonly salt: string },
  router: Pick<TrafficRouter, "armFor">,
): ProbeId[] {
  const { bps, salt } = split;
  const sides: Record<Arm, { readonly id: string; readonly distance: number }[]> = { stable: [], canary: [] };
  const isWhole = bps === 0 || bps === ALL_BPS;
  const unknown: ProbeId[] = [];
  for (let index = 0; index < MOST; index += 1) {
    const id = `${PROBE_PREFIX}${index}`;
    const arm = router.armFor === undefined ? armOf(salt, id, bps) : router.armFor(split, id);
    if (arm === null) unknown.push({ id, arm });
    else sides[arm].push({ id, distance: Math.abs(bucketOf(salt, id) - bps + 0.5) });
    if (unknown.length === 2 * A_SIDE) return unknown;
    const isEnough = sides.stable.length >= A_SIDE && sides.canary.length >= A_SIDE;
    if (index >= FEWEST && (isWhole || isEnough)) break;
  }
  return (["stable", "canary"] as const).flatMap((arm) =>
    sides[arm]
      .sort((a, b) => a.distance - b.distance)
      .slice(0, isWhole ? 2 * A_SIDE : A_SIDE)
      .map(({ id }) => ({ id, arm })),
  );
}
