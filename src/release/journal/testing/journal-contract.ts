import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReleaseError, StoreError } from "../../../core/errors.js";
import { contentHash } from "../../../core/hash.js";
import type { ReleaseState } from "../../machine/state.js";
import type { ReleaseJournal } from "../journal.js";
import { samplePlan, sampleRow } from "./journal-samples.js";

/** How the contract suite gets at one implementation. */
export interface JournalHarness {
  /** An empty place for a journal. */
  createLocation(): Promise<string>;
  open(location: string): ReleaseJournal;
  removeLocation(location: string): Promise<void>;
}

const NOW = Date.parse("2026-11-22T00:00:00.000Z");
const BY = { actor: "ana", reason: "looks fine" };

/** The suite that every implementation of `ReleaseJournal` runs. */
export function describeJournalContract(name: string, harness: JournalHarness): void {
  describe(`${name} holds the journal contract`, () => {
    let location = "";
    let journal: ReleaseJournal;
    beforeEach(async () => {
      location = await harness.createLocation();
      journal = harness.open(location);
    });
    afterEach(async () => {
      journal.close();
      await harness.removeLocation(location);
    });

    const create = (id = "rel-1", service = "support") =>
      journal.create({ id, plan: samplePlan({ service }), author: "ana", at: NOW });
    const epochOf = (service = "support") => journal.seizeLease(service, "test", NOW, 60_000).epoch;
    const moveTo = (id: string, state: ReleaseState, epoch: number) =>
      journal.append(id, { epoch, at: NOW, rows: [sampleRow({ to: state })], patch: { state } });
    const codeOf = (work: () => unknown): string => {
      try {
        work();
      } catch (error) {
        if (error instanceof ReleaseError) return error.code;
        throw error;
      }
      return "none";
    };

    it("gives a release back as it was written", () => {
      const plan = samplePlan();
      expect(create()).toEqual({
        id: "rel-1",
        plan,
        planHash: contentHash(plan),
        author: "ana",
        createdAt: "2026-11-22T00:00:00.000Z",
        state: { name: "PLANNED" },
        counters: { applyFailures: 0, failures: 0, inconclusive: 0, consecutiveErrors: 0 },
        bakedMs: 0,
        extendedMs: 0,
        since: "2026-11-22T00:00:00.000Z",
      });
      expect(journal.get("rel-1")).toEqual(journal.live("support"));
      expect(journal.get("rel-2")).toBeNull();
    });

    it("keeps what the plan of a release rests on", () => {
      const report = { verdict: "pass" };
      const plan = samplePlan();
      journal.create({ id: "rel-1", plan, author: "ana", at: NOW, evidence: [report] });
      expect(journal.evidence(contentHash(report))).toEqual(report);
    });

    it("has one live release a service, and another one after it ended", () => {
      create();
      create("other", "billing");
      expect(codeOf(() => create("rel-2"))).toBe("RELEASE_LIVE");
      expect(journal.get("rel-2")).toBeNull();
      moveTo("rel-1", { name: "CANCELLED" }, epochOf());
      expect(journal.live("support")).toBeNull();
      create("rel-2");
      expect(journal.list().map(({ id }) => id)).toEqual(["rel-2", "other", "rel-1"]);
      expect(journal.list({ service: "support" }).map(({ id }) => id)).toEqual(["rel-2", "rel-1"]);
      expect(journal.list({ limit: 1 }).map(({ id }) => id)).toEqual(["rel-2"]);
    });

    it("appends rows, patch, evidence and pointer together, and numbers rows over all releases", () => {
      create();
      create("other", "billing");
      const epoch = epochOf();
      const evidence = { canary: [1, 2], why: "ü" };
      const row = sampleRow({ evidenceHash: contentHash(evidence), targetBps: 100, salt: "s" });
      const stable = samplePlan().canary;
      journal.append("rel-1", {
        epoch,
        at: NOW,
        rows: [row, sampleRow()],
        patch: { bakedMs: 5, state: { name: "BAKING", step: 1 } },
        evidence: [evidence, evidence],
        stable,
      });
      journal.append("other", { epoch: epochOf("billing"), at: NOW, rows: [sampleRow()] });
      const [first, second] = journal.rows("rel-1");
      expect(first).toEqual({ ...row, seq: 1, releaseId: "rel-1", epoch, at: "2026-11-22T00:00:00.000Z" });
      expect(second?.seq).toBe(2);
      expect(journal.rows("other").map(({ seq }) => seq)).toEqual([3]);
      expect(journal.rows("rel-1", 1).map(({ seq }) => seq)).toEqual([2]);
      expect(journal.evidence(contentHash(evidence))).toEqual(evidence);
      expect(journal.evidence("0".repeat(64))).toBeNull();
      expect(journal.get("rel-1")).toMatchObject({ bakedMs: 5, extendedMs: 0, state: { step: 1 } });
      expect(journal.stable("support")).toEqual(stable);
      expect(journal.stable("billing")).toBeNull();
    });

    it("keeps a write whole or not at all", () => {
      const before = create();
      const epoch = epochOf();
      const none = Number.NaN as unknown as string;
      const write = { epoch, at: NOW, rows: [sampleRow()], patch: { bakedMs: 9 } };
      expect(() => journal.append("rel-1", { ...write, evidence: ["one", none] })).toThrow(TypeError);
      expect(journal.rows("rel-1")).toEqual([]);
      expect(journal.get("rel-1")).toEqual(before);
      expect(journal.evidence(contentHash("one"))).toBeNull();
      moveTo("rel-1", { name: "CANCELLED" }, epoch);
      expect(() => create("rel-1")).toThrow(StoreError);
      expect(journal.list()).toHaveLength(1);
    });

    it("refuses an unknown release", () => {
      const epoch = epochOf();
      expect(codeOf(() => moveTo("none", { name: "PREFLIGHT" }, epoch))).toBe("RELEASE_UNKNOWN");
      expect(codeOf(() => journal.request("none", NOW, { type: "resumed", ...BY }))).toBe("RELEASE_UNKNOWN");
      expect(journal.rows("none")).toEqual([]);
    });

    it("lets only the newest epoch write, and the others change nothing", () => {
      create();
      const old = journal.acquireLease("support", "one", NOW, 60_000);
      journal.request("rel-1", NOW, { type: "abort-requested", ...BY });
      const [request] = journal.requests("rel-1");
      const fresh = journal.seizeLease("support", "two", NOW, 60_000);
      expect(fresh.epoch).toBeGreaterThan(old.epoch);
      const before = journal.get("rel-1");
      for (const epoch of [old.epoch, fresh.epoch + 1]) {
        expect(codeOf(() => moveTo("rel-1", { name: "SUCCEEDED" }, epoch))).toBe("RELEASE_FENCED");
        expect(codeOf(() => journal.answered(request?.id ?? 0, epoch))).toBe("RELEASE_FENCED");
      }
      expect(codeOf(() => journal.renewLease(old, NOW, 60_000))).toBe("RELEASE_FENCED");
      journal.releaseLease(old);
      expect(journal.lease("support")).toEqual(fresh);
      expect(journal.rows("rel-1")).toEqual([]);
      expect(journal.get("rel-1")).toEqual(before);
      expect(journal.requests("rel-1")).toHaveLength(1);
      moveTo("rel-1", { name: "PREFLIGHT" }, fresh.epoch);
    });

    it("takes notes from anybody, which change nothing else", () => {
      const before = create();
      journal.note("rel-1", NOW, { event: "refused", reason: "not a manager", actor: "bo" });
      const epoch = epochOf();
      journal.note("rel-1", NOW, { event: "refused", reason: "again", actor: "bo" });
      const planned = { from: { name: "PLANNED" }, to: { name: "PLANNED" }, kind: "note", actor: "bo" };
      expect(journal.rows("rel-1")).toMatchObject([
        { ...planned, seq: 1, epoch: 0, reason: "not a manager", targetBps: null, evidenceHash: null },
        { ...planned, seq: 2, epoch },
      ]);
      expect(journal.get("rel-1")).toEqual(before);
      expect(codeOf(() => journal.note("none", NOW, { event: "e", reason: "r", actor: "bo" }))).toBe(
        "RELEASE_UNKNOWN",
      );
    });

    it("gives the lease to one living holder at a time", () => {
      expect(journal.lease("support")).toBeNull();
      const lease = journal.acquireLease("support", "one", NOW, 1000);
      expect(lease).toEqual({ service: "support", holder: "one", epoch: 1, expiresAt: NOW + 1000 });
      expect(journal.acquireLease("support", "two", NOW + 999, 1000)).toEqual(lease);
      expect(journal.acquireLease("billing", "two", NOW, 1000).holder).toBe("two");
      const renewed = journal.renewLease(lease, NOW + 999, 1000);
      expect(renewed).toEqual({ ...lease, expiresAt: NOW + 1999 });
      expect(journal.acquireLease("support", "two", NOW + 1998, 1000).holder).toBe("one");
      const taken = journal.acquireLease("support", "two", NOW + 1999, 1000);
      expect(taken).toMatchObject({ holder: "two", epoch: 2 });
      journal.releaseLease(taken);
      expect(journal.lease("support")).toBeNull();
      expect(journal.acquireLease("support", "three", NOW, 1000)).toMatchObject({
        holder: "three",
        epoch: 3,
      });
    });

    it("has at most one holder that can write, however the clocks jump", () => {
      create();
      const writable: string[] = [];
      let lease = journal.acquireLease("support", "one", NOW, 1000);
      // Back by an hour at the holder: its renewal is expired for everybody else.
      lease = journal.renewLease(lease, NOW - 3_600_000, 1000);
      const other = journal.acquireLease("support", "two", NOW, 1000);
      // Ahead by a day at a third one, then back.
      const third = journal.acquireLease("support", "three", NOW + 86_400_000, 1000);
      const fourth = journal.acquireLease("support", "four", NOW, 1000);
      expect(fourth).toEqual(third);
      for (const { holder, epoch } of [lease, other, third]) {
        if (codeOf(() => moveTo("rel-1", { name: "PREFLIGHT" }, epoch)) === "none") writable.push(holder);
      }
      expect(writable).toEqual(["three"]);
    });

    it("keeps requests until they are answered, aborts first, each once in a state", () => {
      create();
      const epoch = epochOf();
      const pause = { type: "pause-requested", ...BY } as const;
      const abort = { type: "abort-requested", actor: "bo", reason: "errors" } as const;
      journal.request("rel-1", NOW, pause);
      journal.request("rel-1", NOW + 1, pause);
      journal.request("rel-1", NOW + 2, abort);
      const [first, second, ...more] = journal.requests("rel-1");
      expect(more).toEqual([]);
      expect([first?.event, second?.event]).toEqual([abort, pause]);
      expect(second?.at).toBe("2026-11-22T00:00:00.000Z");
      journal.answered(first?.id ?? 0, epoch);
      journal.answered(first?.id ?? 0, epoch);
      expect(journal.requests("rel-1").map(({ event }) => event)).toEqual([pause]);
      journal.request("rel-1", NOW + 3, abort);
      expect(journal.requests("rel-1")).toHaveLength(2);
    });

    it("forgets an approval with the state that it was meant for, but no abort", () => {
      create();
      const epoch = epochOf();
      moveTo("rel-1", { name: "PAUSED", step: 0, reason: "approval" }, epoch);
      journal.request("rel-1", NOW, { type: "approved", ...BY });
      journal.request("rel-1", NOW, { type: "abort-requested", ...BY });
      journal.append("rel-1", { epoch, at: NOW, rows: [], patch: { bakedMs: 1 } });
      expect(journal.requests("rel-1")).toHaveLength(2);
      moveTo("rel-1", { name: "SHIFTING", step: 1 }, epoch);
      expect(journal.requests("rel-1").map(({ event }) => event.type)).toEqual(["abort-requested"]);
    });
  });
}
