import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { RouterError } from "../../core/errors.js";
import { MemoryRouter } from "../controller/testing/memory-router.js";
import type { ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import { openReleaseJournal } from "../journal/open-release-journal.js";
import { samplePlan, sampleRow } from "../journal/testing/journal-samples.js";
import { pointBack } from "./point-back.js";
import { releaseStatus } from "./release-status.js";
import { sampleService } from "./testing/sample-service.js";

const plan = samplePlan();

/** A router that makes addresses stable ones. */
class MovingRouter extends MemoryRouter {
  stable = plan.canary.url;
  isRefusing = false;

  async promote(): Promise<void> {
    this.stable = plan.canary.url;
  }

  async demote({ url }: { readonly url: string }): Promise<void> {
    if (this.isRefusing) throw new RouterError("ROUTER_REFUSED", "gateway: it names another stable server");
    this.stable = url;
  }

  async isPromoted(): Promise<boolean> {
    return this.stable === plan.canary.url;
  }
}

let journal: ReleaseJournal;
let router: MovingRouter;
beforeEach(() => {
  journal = openReleaseJournal(":memory:");
  router = new MovingRouter();
  journal.create({ id: "rel-1", plan, author: "ana", at: 0 });
  const lease = journal.acquireLease("support", "one", 0, 60_000);
  const promoted = { name: "SUCCEEDED" } as const;
  const shift = sampleRow({ kind: "intent", event: "set-split", targetBps: 10_000 });
  journal.append("rel-1", {
    epoch: lease.epoch,
    at: 0,
    rows: [shift, sampleRow({ event: "watch-passed", to: promoted })],
    patch: { state: promoted },
    stable: plan.canary,
  });
  router.change(0, plan.salt);
});
afterEach(() => journal.close());

const back = (to: string, at = sampleService(journal)) =>
  pointBack(
    at,
    to,
    { reason: "late complaints", force: true },
    { actor: "bo", clock: systemClock, openRouter: () => router, signal: new AbortController().signal },
  );

it("gives the old server its traffic back where the router moves addresses", async () => {
  expect(await back("v1")).toMatchObject({ outcome: "pointed-back", splitBps: 0, notes: [] });
  expect([router.stable, journal.stable("support")?.agentVersion]).toEqual([plan.stable.url, "v1"]);
  const status = releaseStatus(journal, journal.get("rel-1") as ReleaseRecord, 0);
  expect(status).toMatchObject({ confirmedBps: 0, last: { event: "point-back", reason: "late complaints" } });
});

it("moves no pointer when the router refuses", async () => {
  router.isRefusing = true;
  await expect(back("v1")).rejects.toMatchObject({ code: "ROUTER_REFUSED" });
  expect(journal.stable("support")?.agentVersion).toBe("v2");
});

it("says that nothing was moved when the version is no arm any more", async () => {
  const result = await back("v1", sampleService(journal, { stable: { url: "http://127.0.0.1:77" } }));
  expect(result).toMatchObject({ splitBps: null, notes: [expect.stringContaining("no traffic was moved")] });
  expect(router.stable).toBe(plan.canary.url);
});

it("refuses another router than that of the newest release, unless it is told to", async () => {
  router.change(0, "of-another-service");
  const elsewhere = { type: "gateway", control: "unix:/run/other.sock", token: "env:TOKEN" };
  const other = sampleService(journal, { router: elsewhere });
  const parts = {
    actor: "bo",
    clock: systemClock,
    openRouter: () => router,
    signal: new AbortController().signal,
  };
  const refused = pointBack(other, "v1", { reason: "late" }, parts);
  await expect(refused).rejects.toThrow(
    "release.yaml names the router gateway unix:/run/other.sock; rel-1 moved its traffic with gateway unix:/run/gateway.sock",
  );
  expect(router.stable).toBe(plan.canary.url);
});
