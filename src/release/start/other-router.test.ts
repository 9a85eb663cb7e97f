import { describe, expect, it } from "vitest";
import { sampleService } from "../commands/testing/sample-service.js";
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
const HAPROXY = { type: "haproxy", socket: "other:1", map_folder: "maps" };

function otherThan(rows: readonly JournalRow[], config: object, router = new MemoryRouter()) {
  const service = sampleService({ rows: () => [...rows] }, config);
  return {
    told: () => otherRouter(service, release, router),
    refused: () => refuseOtherRouter(service, release, router),
  };
}

describe("otherRouter", () => {
  const moved = [row(0), row(500)];

  it("is none under the name of the plan, whatever split is there", async () => {
    expect(await otherThan(moved, {}).told()).toBeNull();
  });

  it("is none under another name of the one that holds the salt of the release", async () => {
    const router = new MemoryRouter();
    await router.set({ bps: 500, salt: plan.salt });
    expect(await otherThan(moved, { router: HAPROXY }, router).told()).toBeNull();
  });

  it("is none before the release moved any traffic", async () => {
    expect(await otherThan([row(0)], { router: HAPROXY }).told()).toBeNull();
  });

  it("is told, also when it cannot be asked", async () => {
    const name = "haproxy other:1 (be_stable, be_canary)";
    expect(await otherThan(moved, { router: HAPROXY }).told()).toBe(
      `release.yaml names the router ${name}; rel-1 moved its traffic with ${plan.router}, and that one has another split`,
    );
    const silent = new MemoryRouter();
    silent.isReachable = false;
    const refused = otherThan(moved, { router: HAPROXY }, silent).refused();
    await expect(refused).rejects.toMatchObject({ code: "RELEASE_REFUSED" });
    await expect(refused).rejects.toThrow("that one cannot be asked: memory: get: connection refused");
  });
});
