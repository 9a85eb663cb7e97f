import { expect, it } from "vitest";
import { conversation, stepLogs } from "./testing/simulated-traffic.js";
import { UnitList } from "./units.js";

it("conversations of two tenants with one id are one draw, in the step in which both began", () => {
  const steps = stepLogs([1000, 5000], 100);
  const list = new UnitList("conversation");
  const shared = { cluster: "c-1", isShared: true } as const;
  list.add(conversation("c-0", "canary", 0, 1000), steps);
  list.add(conversation("c-1", "stable", 1, 1000, { ...shared, stratum: "acme" }), steps);
  list.add(conversation("c-1", "stable", 2, 1000, { ...shared, stratum: "globex" }), steps);
  list.add(conversation("c-1", "canary", 101, 5000, { ...shared, stratum: "initech" }), steps);
  expect(list.units.map(({ arm, records }) => [arm, records.length])).toEqual([
    ["canary", 1],
    ["stable", 2],
    ["canary", 1],
  ]);
  // It is known from the step before that the bucket is not among the first 1,000.
  expect(list.units.map(({ share }) => share)).toEqual([0.1, 0.1, expect.closeTo(4 / 9)]);
});
