import fc from "fast-check";
import { expect, it } from "vitest";
import { BusyTime } from "./busy-time.js";

function totalOf(intervals: readonly (readonly [start: number, duration: number])[]): number | null {
  const time = new BusyTime();
  for (const [start, duration] of intervals) time.add(start, duration);
  return time.totalMs();
}

it("counts what overlaps once, and no pause", () => {
  expect(totalOf([])).toBeNull();
  expect(
    totalOf([
      [0, 10],
      [5, 10],
      [100, 5],
    ]),
  ).toBe(20);
  expect(
    totalOf([
      [0, 10],
      [2, 3],
    ]),
  ).toBe(10);
});

it("is never longer than the sum, never shorter than the longest, and knows no order", () => {
  const interval = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 100 }));
  fc.assert(
    fc.property(fc.array(interval, { minLength: 1, maxLength: 20 }), (intervals) => {
      const total = totalOf(intervals);
      const durations = intervals.map(([, duration]) => duration);
      expect(total).toBeLessThanOrEqual(durations.reduce((sum, one) => sum + one, 0));
      expect(total).toBeGreaterThanOrEqual(Math.max(...durations));
      expect(totalOf([...intervals].reverse())).toBe(total);
    }),
  );
});
