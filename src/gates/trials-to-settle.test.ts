import { expect, it } from "vitest";
import { sampleEstimate } from "./testing/gate-samples.js";
import { evidenceToSettle } from "./trials-to-settle.js";

/** Limits of groups that all have the same mean. */
function alike(value: number, clusters: number) {
  const share = 3.841458820694124 / (clusters + 3.841458820694124);
  const limits = { lower: value - share * value, upper: value + share * (1 - value) };
  return sampleEstimate({ value, n: 4 * clusters, clusters, method: "wilson-clusters", ...limits });
}

it.each([
  [0.75, 0.7, 52],
  [0.75, 0.8, 14],
  [0.5, 0.45, 33],
])("groups that are all alike at %d clear %d with %i more", (value, threshold, more) => {
  expect(evidenceToSettle(alike(value, 2), threshold)).toEqual({ count: more, of: "cases" });
  const limits = (clusters: number) => alike(value, clusters);
  const isOpen = (clusters: number) =>
    (limits(clusters).lower ?? 0) < threshold && threshold < (limits(clusters).upper ?? 1);
  expect([isOpen(2 + more), isOpen(1 + more)]).toEqual([false, true]);
});
