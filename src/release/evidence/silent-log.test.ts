import { expect, it } from "vitest";
import { SilentLog } from "./silent-log.js";

const MINUTE = 60_000;
const START = Date.parse("2026-11-22T00:00:30.000Z");
const arms = (requests: number) =>
  (["stable", "canary"] as const).map((arm) => ({
    arm,
    isUp: true,
    requests: arm === "canary" ? 0 : requests,
    errors: 0,
    redispatched: 0,
  }));

it("tells of a log that stands still while the router serves, until it goes on", () => {
  const log = new SilentLog();
  expect(log.problem(10, arms(1000), START)).toBeNull();
  expect(log.problem(12, arms(1010), START + MINUTE)).toBeNull();
  expect(log.problem(12, arms(1500), START + 2 * MINUTE)).toBeNull();
  expect(log.problem(12, arms(1600), START + 3 * MINUTE)).toBe(
    "the router served 590 requests since 00:01:30 UTC, and no event tells of one: see that it still writes its log there",
  );
  expect(log.problem(13, arms(1700), START + 4 * MINUTE)).toBeNull();
});

it.each([
  ["little is served", [arms(1000), arms(1099)]],
  ["the router counts nothing", [[], []]],
  ["the router was restarted", [arms(1000), arms(900)]],
])("says nothing when %s", (_, [before, after]) => {
  const log = new SilentLog();
  expect(log.problem(10, before ?? [], START)).toBeNull();
  expect(log.problem(10, after ?? [], START + 5 * MINUTE)).toBeNull();
});
