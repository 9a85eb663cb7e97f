import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { ConfigError } from "../../core/errors.js";
import { renderCanaryRollback } from "../../report/canary-command-text.js";
import { MemoryRouter } from "../controller/testing/memory-router.js";
import type { ReleaseJournal } from "../journal/journal.js";
import { openReleaseJournal } from "../journal/open-release-journal.js";
import { samplePlan, sampleRow } from "../journal/testing/journal-samples.js";
import { type RollbackParts, rollBack } from "./roll-back.js";
import { sampleService } from "./testing/sample-service.js";
import { zeroWithoutJournal } from "./zero-without-journal.js";

const sample = samplePlan();
const stable = { ...sample.stable, url: "http://127.0.0.1:9" };
const canary = { ...sample.canary, url: "http://127.0.0.1:9" };

let folder: string;
let journal: ReleaseJournal;
let router: MemoryRouter;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-rollback-"));
  journal = openReleaseJournal(":memory:");
  router = new MemoryRouter();
  journal.create({ id: "rel-1", plan: samplePlan({ stable, canary }), author: "ana", at: 0 });
  await router.set({ bps: 100, salt: "rel-1" });
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

const service = () => sampleService(journal, {}, folder);

/** A clock on which every wait of the command is over at once for its patience. */
function hastyClock(): RollbackParts["clock"] {
  let passed = 0;
  return { ...systemClock, monotonic: () => (passed += 6000), now: () => Date.now() };
}

const parts = (openRouter: () => MemoryRouter = () => router): RollbackParts => ({
  actor: "bo",
  clock: hastyClock(),
  openRouter,
  notifier: { notify: async () => {} },
  note: () => {},
  signal: new AbortController().signal,
});

describe("rollBack", () => {
  it("does what a living controller tries in vain, and leaves it to that one where it could not either", async () => {
    const lease = journal.acquireLease("support", "other:1", Date.now(), 60_000);
    const from = { name: "BAKING", step: 0 } as const;
    const to = { name: "ABORTING" } as const;
    journal.append("rel-1", {
      epoch: lease.epoch,
      at: 0,
      rows: [
        sampleRow({ event: "abort-requested", from, to }),
        sampleRow({
          event: "rollback-failed",
          from: to,
          to,
          reason: "the token is not that of this gateway",
        }),
      ],
      patch: { state: to },
    });
    // The controller takes the request, and fails as before.
    const answer = setInterval(() => {
      for (const { id } of journal.requests("rel-1")) journal.answered(id, lease.epoch);
    }, 5);
    try {
      const forced = { force: true, reason: "errors" };
      const cutOff = () => {
        throw new ConfigError([{ file: "release.yaml", message: "expected a secret" }]);
      };
      await expect(rollBack(service(), forced, parts(cutOff))).rejects.toThrow("expected a secret");
      expect(journal.lease("support")).toMatchObject({ holder: "other:1" });
      const late = rollBack(service(), { timeout: 20 }, { ...parts(), openRouter: () => unreachable() });
      await expect(late).rejects.toThrow(
        "the controller tries again and again: the token is not that of this gateway",
      );
      expect(journal.lease("support")).toMatchObject({ holder: "other:1" });
      expect(await router.get()).toMatchObject({ bps: 100 });
      expect(await rollBack(service(), {}, parts())).toMatchObject({ outcome: "rolled-back", by: "command" });
      expect(await router.get()).toMatchObject({ bps: 0 });
    } finally {
      clearInterval(answer);
    }
  });
});

it("leaves the split of another release alone when this one has no traffic, and says so", async () => {
  const lease = journal.acquireLease("support", "gone", 0, 1);
  const to = { name: "PAUSED", step: 0, reason: "drift" } as const;
  const rows = [sampleRow({ event: "drift-found", from: { name: "SHIFTING", step: 0 }, to })];
  journal.append("rel-1", { epoch: lease.epoch, at: 0, rows, patch: { state: to } });
  router.change(1000, "rel-elsewhere");
  const ended = await rollBack(service(), {}, parts());
  expect(ended).toMatchObject({ outcome: "rolled-back", by: "command", splitBps: null });
  expect(renderCanaryRollback(ended)).toBe(
    "rel-1: ended, without traffic to take back (by this command)\n" +
      "  no traffic is on this release; the router has 10 % (salt rel-elsewhere), which is another release's and is left alone",
  );
  expect(await router.get()).toMatchObject({ bps: 1000, salt: "rel-elsewhere" });
});

function unreachable(): MemoryRouter {
  const other = new MemoryRouter();
  other.isReachable = false;
  return other;
}

describe("zeroWithoutJournal", () => {
  const zero = (timeoutMs?: number) =>
    zeroWithoutJournal({ ...parts(), reason: "disk full", problem: "no space left", timeoutMs });

  it("sets 0, keeps the salt, and says that nothing of it is recorded", async () => {
    expect(await zero()).toMatchObject({
      releaseId: null,
      outcome: "rolled-back",
      splitBps: 0,
      notes: [expect.stringContaining("nothing of this stands in the journal"), expect.anything()],
    });
    expect(await router.get()).toMatchObject({ bps: 0, salt: "rel-1" });
  });

  it("gives up when its time is over", async () => {
    router.isReachable = false;
    await expect(zero(1)).rejects.toThrow("rollback not confirmed within 0.001 s");
  });
});
