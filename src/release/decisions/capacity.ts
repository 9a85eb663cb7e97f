import type { Arm } from "../../core/traffic-split.js";
import { capacitySource } from "../evidence/capacity-reader.js";
import type { ArmCapacity, ReleaseEvidence } from "../evidence/release-evidence.js";

/** Share of the key-value cache in use from which requests are preempted soon. */
const FULL_CACHE = 0.9;
/** A request or two that wait for a moment are how a server fills its batches. */
const WAITING = 3;

/** What is full of which arm, one phrase; `null`: nothing. Rests on the newest sample of each arm. */
export function fullEndpoint(samples: readonly ArmCapacity[]): string | null {
  const newest = new Map<string, ArmCapacity>();
  for (const sample of samples) {
    const known = newest.get(sample.arm);
    if (known === undefined || sample.at >= known.at) newest.set(sample.arm, sample);
  }
  const full = [...newest.values()].flatMap(({ arm, waiting, kvCacheUsage, preemptions }) => {
    const signs = [
      ...(waiting !== null && waiting >= WAITING ? [`${waiting} requests wait`] : []),
      ...(kvCacheUsage !== null && kvCacheUsage > FULL_CACHE
        ? [`${Math.round(100 * kvCacheUsage)} % of the key-value cache is in use`]
        : []),
      ...(preemptions !== null && preemptions > 0 ? [`${preemptions} preemptions`] : []),
    ];
    return signs.length === 0 ? [] : [`${arm}: ${signs.join(", ")}`];
  });
  return full.length === 0 ? null : full.join("; ");
}

/** An arm of which it should be known how full it is, and is not. */
export interface UnknownCapacity {
  readonly arm: Arm;
  readonly reason: string;
}

/** Arms whose capacity could not be read; one that names no source of it is not among them. */
export function unknownCapacity({
  unreadable,
}: Pick<ReleaseEvidence, "unreadable">): readonly UnknownCapacity[] {
  return (["stable", "canary"] as const).flatMap((arm) => {
    const found = unreadable.find(({ source }) => source === capacitySource(arm));
    return found === undefined ? [] : [{ arm, reason: found.reason }];
  });
}

/** `how full canary is, is not known`. */
export function unknownCapacityText(unknown: readonly UnknownCapacity[]): string {
  return `how full ${unknown.map(({ arm }) => arm).join(" and ")} is, is not known`;
}
