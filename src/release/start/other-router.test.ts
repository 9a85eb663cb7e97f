import { describe, expect, it } from "vitest";
import { MemoryRouter } from "../controller/testing/memory-router.js";
import type { JournalRow } from "../journal/journal.js";
import { sampleRow } from "../journal/testing/journal-samples.js";
import { samplePlan, sampleRelease } from "../testing/sample-release.js";
import { otherRouter, refuseOtherRouter } from "./other-router.js";

const plan = samplePlan();
const release = sampleRelease({ plan });
const row = (targetBps: number): JournalRow => ({
  ...sampleRow({ kind: "intent", event: "set-split", targetBps }),
  seq: 1,
  releaseId: release.id,
  epoch: 1,
  at: "",
});
const MOVED = [row(0), row(500)];
const named = (name: string, router = new MemoryRouter()) => ({ name, file: "release.yaml", router });

describe("otherRouter", () => {
  it("is none under the name of the plan, whatever split is there", async () => {
    expect(await otherRouter(release, MOVED, named(plan.router))).toBeNull();
  });

  it("is none under another name of the one that holds the salt of the release", async () => {
    const router = new MemoryRouter();
    await router.set({ bps: 500, salt: plan.salt });
    expect(await otherRouter(release, MOVED, named("gateway http://127.0.0.1:9901", router))).toBeNull();
  });

  it("is none before the release moved any traffic", async () => {
    expect(await otherRouter(release, [row(0)], named("haproxy other:1"))).toBeNull();
  });

  it("is told, also when it cannot be asked", async () => {
    expect(await otherRouter(release, MOVED, named("haproxy other:1"))).toBe(
      `release.yaml names the router haproxy other:1; rel-1 moved its traffic with ${plan.router}, and that one has another split`,
    );
    const silent = new MemoryRouter();
    silent.isReachable = false;
    const refused = refuseOtherRouter(release, MOVED, named("haproxy other:1", silent));
    await expect(refused).rejects.toMatchObject({ code: "RELEASE_REFUSED" });
    await expect(refused).rejects.toThrow("that one cannot be asked: memory: get: connection refused");
  });
});
