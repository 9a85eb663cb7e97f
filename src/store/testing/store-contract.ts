import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreError, UsageError } from "../../core/errors.js";
import type { ModelReply } from "../../core/message.js";
import type { Trial } from "../../core/trial.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { Store } from "../store.js";
import { acknowledgedLines } from "./acknowledged-lines.js";
import { sampleCase, sampleRow, sampleRun, sampleTrial } from "./store-samples.js";

/** How the contract suite gets at one implementation. Its success metric must be `task_success`. */
export interface StoreHarness {
  /** Prepares an empty place for a store and says where it is: a file or a connection string. */
  createLocation(): Promise<string>;
  open(location: string): Store;
  /** File URL of the module and the name of the export that opens a store from (location) in a child process. */
  readonly childModule: string;
  readonly childExport: string;
  removeLocation(location: string): Promise<void>;
}

const CHILD = fileURLToPath(new URL("./store-contract-child.ts", import.meta.url));

/** The suite that every implementation of `Store` runs. */
export function describeStoreContract(name: string, harness: StoreHarness): void {
  describe(`${name} holds the store contract`, () => {
    let location = "";
    let store: Store;
    beforeEach(async () => {
      location = await harness.createLocation();
      store = harness.open(location);
    });
    afterEach(async () => {
      store.close();
      await harness.removeLocation(location);
    });

    const addTrial = (runId: string, trial: Trial, success: number | null) =>
      store.addTrial(runId, trial, sampleRow(trial, success));

    it("gives a run back as it was, also after closing", () => {
      const run = sampleRun("20261121-065500-aaaa", {
        tags: ["b", "a"],
        gitCommit: "0".repeat(40),
        parts: { prompt: "p".repeat(64) },
        shard: { index: 1, of: 2, planHash: "s".repeat(64), planned: 2 },
        inputsHash: "i".repeat(64),
        baselineRun: "20261120-065500-aaaa",
        plan: [{ caseId: "case-1", caseHash: "c".repeat(64), trial: 0, position: 1 }],
      });
      store.createRun(run);
      store.close();
      store = harness.open(location);
      expect(store.getRun(run.id)).toEqual({ ...run, tags: ["a", "b"] });
    });

    it("keeps the cases of a run by their hash, once for all runs, as they were", () => {
      const kept = sampleCase("a", { hash: "h1" });
      store.createRun(sampleRun("r1"), [kept, sampleCase("b", { hash: "h2" })]);
      store.createRun(sampleRun("r2"), [sampleCase("a", { hash: "h1" })]);
      store.deleteRun("r1");
      expect(store.getCase("h1")).toEqual(kept);
      expect(store.getCase("h2")?.id).toBe("b");
      expect(store.getCase("h3")).toBeNull();
      const cases = store.getCases(["h2", "h3", "h1", "h2"]);
      expect([...cases.keys()].sort()).toEqual(["h1", "h2"]);
      expect(cases.get("h1")).toEqual(kept);
      expect(store.getCases([]).size).toBe(0);
    });

    it("erases the cases and trials of a person and leaves the others", () => {
      const said = (caseId: string, text: string) =>
        sampleTrial(caseId, 0, {
          error: { code: "X", message: text, isRetryable: false },
        });
      const secret = "kestrel-4711";
      const saved = sampleCase("saved", { hash: "h-saved", tags: [secret] });
      const plan = ["saved", "mine", "other"].map((caseId) => ({
        caseId,
        caseHash: `h-${caseId}`,
        trial: 0,
      }));
      store.createRun(sampleRun("r1", { plan }), [saved, sampleCase("other", { hash: "h-other" })]);
      store.createRun(sampleRun("r2"));
      // The trial of the saved case goes with its case, though it does not name the person.
      addTrial("r1", said("saved", "what the person had asked"), null);
      addTrial("r1", said("mine", secret), 1);
      addTrial("r1", said("other", "somebody else"), 0);
      addTrial("r2", said("other", "a second run"), 1);
      store.cache.set("k", { text: "a reply" } as ModelReply);
      const before = [...store.trials("r1")].find(({ trial }) => trial.caseId === "other");
      expect(store.erase((json) => json.includes(secret))).toEqual({ cases: 1, trials: 2, replies: 1 });
      expect([...store.trials("r1")]).toEqual([before]);
      expect([...store.trials("r2")]).toHaveLength(1);
      expect(store.getCase("h-saved")).toBeNull();
      expect(store.getCase("h-other")).not.toBeNull();
      expect(store.cache.get("k")).toBeUndefined();
      addTrial("r1", said("later", "after it"), null);
      expect([...store.trialRows("r1")].map(({ caseId }) => caseId)).toEqual(["later", "other"]);
      expect(store.erase(() => false)).toEqual({ cases: 0, trials: 0, replies: 0 });
    });

    it("gives a run to one living process at a time", () => {
      store.createRun(sampleRun("r1"));
      const first = { host: "h", pid: 1 };
      const second = { host: "h", pid: 2 };
      expect(store.claimRun("r1", first, () => true)).toBeNull();
      expect(store.claimRun("r1", first, () => true)).toBeNull();
      expect(store.claimRun("r1", second, () => true)).toEqual(first);
      store.releaseRun("r1", second);
      expect(store.claimRun("r1", second, () => true)).toEqual(first);
      expect(store.claimRun("r1", second, () => false)).toBeNull();
      store.releaseRun("r1", second);
      expect(store.claimRun("r1", first, () => true)).toBeNull();
      store.deleteRun("r1");
    });

    it("gives scores back whatever they say, also after a transaction that failed", () => {
      store.createRun(sampleRun("r1"));
      store.createRun(sampleRun("r2"));
      const rows = Array.from({ length: 1200 }, (_, index): TrialRow => {
        const trial = sampleTrial(`case-${String(index).padStart(4, "0")}`, 0);
        const scores = {
          task_success: { value: null, reason: `reason ${index % 600}` },
          [`metric_${index % 2}`]: { value: index / 8, detail: "as counted" },
        };
        return { ...sampleRow(trial, 1), scores };
      });
      const add = (runId: string, one: TrialRow) => store.addTrial(runId, sampleTrial(one.caseId, 0), one);
      const fails = () =>
        store.transaction(() => {
          for (const one of rows.slice(0, 5)) add("r1", one);
          throw new Error("no");
        });
      expect(fails).toThrow("no");
      const other = harness.open(location);
      other.addTrial("r1", sampleTrial((rows[1199] as TrialRow).caseId, 0), rows[1199] as TrialRow);
      store.transaction(() => {
        for (const one of rows) add("r1", one);
        for (const one of [...rows].reverse()) add("r2", one);
      });
      expect([...other.trialRows("r1")]).toEqual(rows);
      expect([...other.trials("r2")].map(({ row }) => row)).toEqual(rows);
      other.close();
    });

    it("writes a transaction as a whole or not at all", () => {
      store.createRun(sampleRun("r1"));
      const failing = () =>
        store.transaction(() => {
          addTrial("r1", sampleTrial("a", 0), 1);
          throw new Error("half way");
        });
      expect(failing).toThrow();
      expect([...store.finishedTrials("r1")]).toEqual([]);
      const result = store.transaction(() => {
        addTrial("r1", sampleTrial("a", 0), 1);
        addTrial("r1", sampleTrial("a", 0), 0);
        addTrial("r1", sampleTrial("b", 0), 1);
        return "done";
      });
      expect(result).toBe("done");
      store.close();
      store = harness.open(location);
      expect(store.listRuns()[0]).toMatchObject({ trials: 2, passed: 2, failed: 0 });
    });

    it("patches what is named and leaves the rest", () => {
      store.createRun(sampleRun("r1"));
      store.updateRun("r1", { status: "interrupted" });
      store.updateRun("r1", { finishedAt: "2026-11-21T07:00:00.000Z" });
      expect(store.getRun("r1")).toMatchObject({
        status: "interrupted",
        finishedAt: "2026-11-21T07:00:00.000Z",
      });
      store.updateRun("r1", { status: "running", finishedAt: null });
      expect(store.getRun("r1")).toMatchObject({ status: "running", finishedAt: null });
    });

    it("refuses a second run with the same id", () => {
      store.createRun(sampleRun("r1"));
      expect(() => store.createRun(sampleRun("r1"))).toThrow(StoreError);
    });

    it("finds runs by latest, id, tag and beginning, and lists an ambiguous beginning", () => {
      store.createRun(sampleRun("20261121-aaaa", { createdAt: "2026-11-21T06:00:00.000Z", tags: ["good"] }));
      store.createRun(sampleRun("20261121-bbbb", { createdAt: "2026-11-21T08:00:00.000Z" }));
      store.createRun(sampleRun("20261120-cccc", { createdAt: "2026-11-20T08:00:00.000Z", tags: ["good"] }));
      expect(store.getRun("latest")?.id).toBe("20261121-bbbb");
      expect(store.getRun("20261120-cccc")?.id).toBe("20261120-cccc");
      expect(store.getRun("good")?.id).toBe("20261121-aaaa");
      expect(store.getRun("20261120")?.id).toBe("20261120-cccc");
      expect(store.getRun("1999")).toBeNull();
      expect(store.getRun("")).toBeNull();
      expect(store.getRun("2026%")).toBeNull();
      const find = () => store.getRun("20261121");
      expect(find).toThrow(UsageError);
      expect(find).toThrow(/20261121-aaaa, 20261121-bbbb/);
    });

    it("takes the later of two runs of the same instant as the latest", () => {
      store.createRun(sampleRun("z"));
      store.createRun(sampleRun("a"));
      expect(store.getRun("latest")?.id).toBe("a");
    });

    it("has no latest run when it is empty", () => {
      expect(store.getRun("latest")).toBeNull();
      expect(store.listRuns()).toEqual([]);
    });

    it("counts trials, passes, failures and errors in the list, newest run first", () => {
      store.createRun(sampleRun("old", { createdAt: "2026-11-20T00:00:00.000Z" }));
      store.createRun(sampleRun("new", { suite: "tau", tags: ["nightly"] }));
      addTrial("new", sampleTrial("a", 0), 1);
      addTrial("new", sampleTrial("a", 1), 0);
      addTrial("new", sampleTrial("b", 0), null);
      addTrial("new", sampleTrial("b", 1, { status: "error", stopReason: "error" }), 1);
      const [newest, oldest] = store.listRuns();
      expect(newest).toMatchObject({ id: "new", planned: 1, trials: 4, passed: 1, failed: 1, errors: 1 });
      expect(newest).not.toHaveProperty("plan");
      expect(oldest).toMatchObject({ id: "old", trials: 0, passed: 0, failed: 0, errors: 0 });
      expect(store.listRuns({ limit: 1 }).map((run) => run.id)).toEqual(["new"]);
      expect(store.listRuns({ suite: "starter" }).map((run) => run.id)).toEqual(["old"]);
      expect(store.listRuns({ tag: "nightly", suite: "tau" }).map((run) => run.id)).toEqual(["new"]);
      expect(store.listRuns({ tag: "nightly", suite: "starter" })).toEqual([]);
    });

    it("gives a trial back with its events", () => {
      store.createRun(sampleRun("r1"));
      const trial = sampleTrial("a", 2);
      addTrial("r1", trial, 1);
      expect(store.getTrial("r1", "a", 2)).toEqual(trial);
      expect(store.getTrial("r1", "a", 0)).toBeNull();
    });

    it("keeps the first of two trials under one key", () => {
      store.createRun(sampleRun("r1"));
      addTrial("r1", sampleTrial("a", 0, { durationMs: 1 }), 1);
      addTrial("r1", sampleTrial("a", 0, { durationMs: 2 }), 0);
      expect([...store.trials("r1")].map(({ trial }) => trial.durationMs)).toEqual([1]);
      expect([...store.trialRows("r1")].map((row) => row.scores.task_success?.value)).toEqual([1]);
      expect(store.listRuns()[0]).toMatchObject({ trials: 1, passed: 1 });
    });

    it("replaces an errored trial, and adds one that is missing", () => {
      store.createRun(sampleRun("r1"));
      const error = { code: "PROVIDER_TIMEOUT", message: "slow", isRetryable: true };
      addTrial("r1", sampleTrial("a", 0, { status: "error", error }), null);
      for (const caseId of ["a", "b"]) {
        const again = sampleTrial(caseId, 0);
        store.replaceTrial("r1", again, sampleRow(again, 1));
      }
      expect([...store.finishedTrials("r1")]).toEqual([
        { caseId: "a", trial: 0, status: "completed" },
        { caseId: "b", trial: 0, status: "completed" },
      ]);
      expect(store.getTrial("r1", "a", 0)?.error).toBeNull();
      expect([...store.trialRows("r1")].map((row) => row.errorCode)).toEqual([null, null]);
    });

    it("walks many trials in order of case and trial while others are added", () => {
      store.createRun(sampleRun("r1"));
      store.createRun(sampleRun("r2"));
      const names = Array.from({ length: 300 }, (_, index) => `case-${String(index).padStart(3, "0")}`);
      for (const caseId of [...names].reverse()) {
        addTrial("r1", sampleTrial(caseId, 1), 1);
        addTrial("r1", sampleTrial(caseId, 0), 0);
      }
      const expected = names.flatMap((caseId) => [`${caseId}/0`, `${caseId}/1`]);
      const seen: string[] = [];
      for (const row of store.trialRows("r1")) {
        seen.push(`${row.caseId}/${row.trial}`);
        addTrial("r2", sampleTrial(row.caseId, row.trial), 1);
      }
      expect(seen).toEqual(expected);
      expect([...store.trials("r2")].map(({ trial }) => `${trial.caseId}/${trial.trial}`)).toEqual(expected);
      expect([...store.finishedTrials("r2")]).toHaveLength(600);
    });

    it("adds and removes tags, each any number of times", () => {
      store.createRun(sampleRun("r1"));
      store.tagRun("r1", "good");
      store.tagRun("r1", "good");
      expect(store.getRun("good")?.tags).toEqual(["good"]);
      store.untagRun("r1", "good");
      store.untagRun("r1", "good");
      expect(store.getRun("r1")?.tags).toEqual([]);
    });

    it("deletes one run whole and leaves the others", () => {
      for (const id of ["r1", "r2"]) {
        store.createRun(sampleRun(id, { tags: [id] }));
        addTrial(id, sampleTrial("a", 0), 1);
      }
      store.deleteRun("r1");
      expect(store.getRun("r1")).toBeNull();
      expect(store.listRuns().map((run) => run.id)).toEqual(["r2"]);
      expect([...store.trials("r2")]).toHaveLength(1);
      store.createRun(sampleRun("r1"));
      expect([...store.trials("r1")]).toEqual([]);
      expect(store.getRun("r1")?.tags).toEqual([]);
    });

    it("refuses every use of a run that it does not have", () => {
      const trial = sampleTrial("a", 0);
      const uses = [
        () => store.updateRun("gone", { status: "complete" }),
        () => store.addTrial("gone", trial, sampleRow(trial, 1)),
        () => store.replaceTrial("gone", trial, sampleRow(trial, 1)),
        () => store.getTrial("gone", "a", 0),
        () => [...store.finishedTrials("gone")],
        () => [...store.trialRows("gone")],
        () => [...store.trials("gone")],
        () => store.tagRun("gone", "tag"),
        () => store.untagRun("gone", "tag"),
        () => store.deleteRun("gone"),
      ];
      for (const use of uses) expect(use).toThrow(/gone/);
      for (const use of uses) expect(use).toThrow(StoreError);
    });

    it("notices that another process deleted the run it writes to", () => {
      store.createRun(sampleRun("r1"));
      addTrial("r1", sampleTrial("a", 0), 1);
      const other = harness.open(location);
      other.deleteRun("r1");
      other.close();
      expect(() => addTrial("r1", sampleTrial("a", 1), 1)).toThrow(StoreError);
      expect(() => store.updateRun("r1", { status: "complete" })).toThrow(StoreError);
    });

    it("caches replies by key", () => {
      const reply: ModelReply = {
        text: null,
        toolCalls: [{ id: "1", name: "look_up", arguments: { order: "W1" } }],
        finishReason: "tool_calls",
        usage: { inputTokens: 3, outputTokens: 1 },
        costUsd: null,
        model: "m",
      };
      expect(store.cache.get("k")).toBeUndefined();
      store.cache.set("k", reply);
      expect(store.cache.get("k")).toEqual(reply);
      store.cache.set("k", { ...reply, text: "other" });
      expect(store.cache.get("k")?.text).toBe("other");
    });

    it("loses no acknowledged trial when the writer is killed with SIGKILL", async () => {
      store.createRun(sampleRun("r1"));
      const acknowledged = await writeInChild(harness, location, "r1", "k", 1_000_000, 200);
      expect(acknowledged.length).toBeGreaterThanOrEqual(200);
      const kept = new Set([...store.finishedTrials("r1")].map((trial) => trial.caseId));
      expect(acknowledged.filter((caseId) => !kept.has(caseId))).toEqual([]);
      expect([...store.trials("r1")]).toHaveLength(kept.size);
      expect(kept.size - acknowledged.length).toBeLessThanOrEqual(1_000);
    });

    it("lets two processes write to one run at once", async () => {
      store.createRun(sampleRun("r1"));
      const both = await Promise.all(
        ["x", "y"].map((prefix) => writeInChild(harness, location, "r1", prefix, 300, null)),
      );
      expect(both.map((cases) => cases.length)).toEqual([300, 300]);
      expect([...store.trialRows("r1")]).toHaveLength(600);
    });
  });
}

/**
 * Adds trials from a child process.
 *
 * @param killAfter - acknowledgements after which the child is killed with SIGKILL; `null`: it may finish
 * @returns the case ids that the child said were stored
 */
function writeInChild(
  harness: StoreHarness,
  location: string,
  runId: string,
  prefix: string,
  count: number,
  killAfter: number | null,
): Promise<string[]> {
  const childArguments = [harness.childModule, harness.childExport, location, runId, prefix, String(count)];
  return acknowledgedLines(CHILD, childArguments, killAfter);
}
