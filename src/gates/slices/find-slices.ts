import { type Slicing, slicesOf } from "../../comparison/compare-slices.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { TrialRow } from "../../metrics/metric.js";

/** The cases that share a tag, a risk or whatever they are divided by. */
export interface Slice {
  /** e.g. `tag = refund`. */
  readonly name: string;
  readonly caseIds: ReadonlySet<string>;
}

const TENANT_TAG = "tenant:";

/**
 * The slices of the cases that have rows, in the order of their names within each slicing. A case is in as many as it has
 * tags. Tags that name a tenant are no tags where tenants are slices of their own.
 */
export function findSlices(
  rows: readonly TrialRow[],
  cases: ReadonlyMap<string, GoldenCase>,
  slicings: readonly Slicing[],
): Slice[] {
  const ids = new Set(rows.map((row) => row.caseId));
  const hasTenants = slicings.includes("tenant");
  return [...new Set(slicings)].flatMap((by) => {
    const slices = new Map<string, Set<string>>();
    for (const id of ids) {
      const goldenCase = cases.get(id);
      for (const name of new Set(goldenCase === undefined ? [] : slicesOf(goldenCase, by))) {
        if (by === "tag" && hasTenants && name.startsWith(TENANT_TAG)) continue;
        const members = slices.get(name) ?? new Set<string>();
        slices.set(name, members);
        members.add(id);
      }
    }
    return [...slices]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, caseIds]) => ({ name: `${by} = ${name}`, caseIds }));
  });
}
