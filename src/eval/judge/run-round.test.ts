import { describe, expect, it } from "vitest";
import { firstVoteOf } from "./run-round.js";

const monday = Date.parse("2026-11-16T00:00:00Z");

/** Votes given on these days, by number. */
const given =
  (...days: readonly string[]) =>
  (vote: number) => {
    const day = days[vote];
    return day === undefined ? null : { at: `${day}T06:00:00Z` };
  };

describe("firstVoteOf", () => {
  it("is 0 for what was never judged", () => {
    expect(firstVoteOf(given(), 3, null)).toBe(0);
    expect(firstVoteOf(given(), 3, monday)).toBe(0);
  });

  it("goes on with the newest judgement, whole or not", () => {
    expect(firstVoteOf(given("2026-11-10", "2026-11-10", "2026-11-10"), 3, null)).toBe(0);
    const again = given("2026-11-10", "2026-11-10", "2026-11-10", "2026-11-17");
    expect(firstVoteOf(again, 3, null)).toBe(3);
  });

  it("begins another judgement when the newest is older than asked for, and goes on with one that is not", () => {
    expect(firstVoteOf(given("2026-11-10"), 1, monday)).toBe(1);
    expect(firstVoteOf(given("2026-11-10", "2026-11-17"), 1, monday)).toBe(1);
    expect(firstVoteOf(given("2026-11-03", "2026-11-10"), 1, monday)).toBe(2);
    expect(firstVoteOf(given("2026-11-16"), 1, monday)).toBe(0);
  });
});
