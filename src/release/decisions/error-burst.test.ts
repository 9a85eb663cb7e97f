import { expect, it } from "vitest";
import { SeededRandom } from "../../stats/random.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import { decide } from "./decide.js";
import { evidenceOf, HOUR, planOf, simulatedTraffic, stepLogs } from "./testing/simulated-traffic.js";

const SHARES = [100, 2500, 5000, 10_000];

/** Traffic of an hour for each step; the canary fails `errors` of its requests more from a step on. */
function release(steps: number, errors: number, from: number, seed = 1): readonly ConversationRecord[] {
  const random = new SeededRandom(seed);
  return SHARES.slice(0, steps).flatMap((bps, step) =>
    simulatedTraffic(
      random,
      { count: 2000, from: step * HOUR, ms: HOUR, bps },
      { errors: step >= from ? errors : 0 },
    ),
  );
}

function abortOf(records: readonly ConversationRecord[]): string | null {
  const newest = records.at(-1)?.firstAt ?? 0;
  const step = Math.floor(newest / HOUR);
  const moment = {
    now: newest + 1,
    step,
    steps: stepLogs(SHARES.slice(0, step + 1)),
    phase: "bake",
  } as const;
  return decide(evidenceOf(records), planOf(SHARES, []), moment).abort;
}

/** Conversations of the canary until the release goes back, in looks of 10 conversations; `null`: it never does. */
function canaryUntilAbort(records: readonly ConversationRecord[], from: number): number | null {
  const start = records.findIndex(({ firstAt }) => firstAt >= from * HOUR);
  for (let end = start + 10; end <= records.length; end += 10) {
    if (abortOf(records.slice(0, end)) === null) continue;
    return records.slice(start, end).filter(({ arm }) => arm === "canary").length;
  }
  return null;
}

it("sees a canary that begins to fail in a late step as soon as one that did from the start", () => {
  expect(abortOf(release(3, 0.2, 2))).toMatch(
    /^burst of errors: .* of the canary failed since step 3, .* of stable$/,
  );
  expect(canaryUntilAbort(release(3, 0.2, 2), 2)).toBeLessThan(60);
  expect(canaryUntilAbort(release(2, 0.2, 1), 1)).toBeLessThan(60);
});

it("sees one that begins to fail when it has all traffic, and no control is left", () => {
  const records = release(4, 0.2, 3);
  expect(canaryUntilAbort(records, 3)).toBeLessThan(60);
  expect(abortOf(records)).toMatch(
    /^burst of errors at full traffic: \d+ of 2000 conversations failed, \d+ of \d+ of stable before$/,
  );
});

it("does not take an hour of a few more errors at full traffic for a burst", () => {
  expect(abortOf(release(4, 0.02, 3))).toBeNull();
});
