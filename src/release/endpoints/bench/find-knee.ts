import type { KneeReport, LoadReport } from "../../../report/schemas/endpoint-bench.js";

/** Share of the offered requests that must be good. */
const CARRIED = 0.9;

/**
 * The first rate of a sweep that an endpoint did not carry: fewer than 90 % of the offered requests were good, or ever
 * more requests were under way. Loads that could not be produced settle nothing and are passed over.
 *
 * @param loads - in any order
 */
export function findKnee(loads: readonly LoadReport[]): KneeReport {
  const measured = loads.filter(({ state }) => state === "measured").sort((a, b) => a.rate - b.rate);
  if (measured.length === 0) return { rate: null, carried: null, reason: "no load was measured" };
  const index = measured.findIndex((load) => whyNotCarried(load) !== null);
  const knee = measured[index];
  if (knee === undefined) {
    const carried = measured.at(-1)?.rate ?? null;
    return { rate: null, carried, reason: `every rate up to ${carried}/s was carried` };
  }
  return { rate: knee.rate, carried: measured[index - 1]?.rate ?? null, reason: whyNotCarried(knee) ?? "" };
}

function whyNotCarried({ goodput, goodShare, offered, queueGrows }: LoadReport): string | null {
  if (goodput !== null && goodput < CARRIED * offered) {
    const share = goodShare === null ? "" : `, ${(100 * goodShare).toFixed(0)} %`;
    return `goodput ${goodput.toFixed(2)}/s of ${offered.toFixed(2)}/s offered${share}`;
  }
  return queueGrows ? "ever more requests were under way" : null;
}
