import type { ArmCapacity } from "../evidence/release-evidence.js";

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
