import { afterEach, beforeEach, expect, it } from "vitest";
import { sampleService } from "../commands/testing/sample-service.js";
import { MemoryRouter } from "../controller/testing/memory-router.js";
import type { ReleaseJournal } from "../journal/journal.js";
import { holderName } from "../journal/lease-holder.js";
import { openReleaseJournal } from "../journal/open-release-journal.js";
import { samplePlan } from "../journal/testing/journal-samples.js";
import { Silence, watchdogLook } from "./watchdog.js";

const HOUR = 3_600_000;

let journal: ReleaseJournal;
let router: MemoryRouter;
beforeEach(async () => {
  journal = openReleaseJournal(":memory:");
  router = new MemoryRouter();
  journal.create({ id: "rel-1", plan: samplePlan(), author: "ana", at: HOUR });
  await router.set({ bps: 500, salt: "rel-1" });
});
afterEach(() => journal.close());

it("takes traffic off a dead controller's version though the clock went back by an hour", async () => {
  const lease = journal.acquireLease("support", "other:1", HOUR, 30_000);
  const time = { wall: 0, monotonic: 0 };
  const clock = { now: () => time.wall, monotonic: () => time.monotonic };
  const parts = { service: sampleService(journal), router, clock, graceMs: 60_000, silence: new Silence() };
  const lookAfter = async (ms: number) => {
    time.wall += ms;
    time.monotonic += ms;
    return (await watchdogLook(parts)).outcome;
  };
  expect(await lookAfter(0)).toBe("alive");
  expect(await lookAfter(29_000)).toBe("alive");
  journal.renewLease(lease, HOUR + 29_000, 30_000);
  expect(await lookAfter(1000)).toBe("alive");
  expect(await lookAfter(40_000)).toBe("in-grace");
  expect(await lookAfter(51_000)).toBe("set-to-zero");
  expect((await router.get()).bps).toBe(0);
});

it.runIf(process.platform === "linux")(
  "says how long the lease of a controller that was killed here still lasts",
  async () => {
    // No process of this system can have that id.
    journal.acquireLease("support", holderName().replace(/:\d+@/, ":4194305@"), HOUR, 30_000);
    const parts = {
      service: sampleService(journal),
      router,
      clock: { now: () => HOUR + 5000, monotonic: () => 0 },
      graceMs: 60_000,
      silence: new Silence(),
    };
    expect(await watchdogLook(parts)).toMatchObject({
      outcome: "in-grace",
      reason: "no controller lives, its lease lasts for another 25 s",
    });
  },
);
