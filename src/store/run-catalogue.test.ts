import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRunCatalogue, type RunCatalogue } from "./run-catalogue.js";
import { openSqliteStore } from "./sqlite-store.js";
import type { Store } from "./store.js";
import { sampleRow, sampleRun, sampleTrial } from "./testing/store-samples.js";

let folder: string;
let store: Store;
let catalogue: RunCatalogue;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-catalogue-"));
  const file = join(folder, "store.db");
  store = openSqliteStore(file);
  catalogue = openRunCatalogue(file);
});
afterEach(() => {
  catalogue.close();
  store.close();
  rmSync(folder, { recursive: true });
});

function add(id: string, changes: Parameters<typeof sampleRun>[1], caseIds: readonly string[]): void {
  store.createRun(sampleRun(id, changes));
  for (const caseId of caseIds) {
    const trial = sampleTrial(caseId, 0);
    store.addTrial(id, trial, sampleRow(trial, 1));
  }
}

describe("the catalogue of a run history", () => {
  it("finds runs by part of id, suite, tag, agent, model, version and commit, a page at a time", () => {
    add("run-1", { suite: "shop", createdAt: "2026-11-01T00:00:00Z", tags: ["main"] }, []);
    add("run-2", { suite: "desk", createdAt: "2026-11-02T00:00:00Z", agentName: "100%_sure" }, []);
    add("run-3", { suite: "desk", createdAt: "2026-11-03T00:00:00Z", gitCommit: "c0ffee12" }, []);
    const found = (text: string) => store.listRuns({ text }).map(({ id }) => id);
    expect(found("n-2")).toEqual(["run-2"]);
    expect(found("desk")).toEqual(["run-3", "run-2"]);
    expect(found("mai")).toEqual(["run-1"]);
    expect(found("c0ffee")).toEqual(["run-3"]);
    expect(found("100%_")).toEqual(["run-2"]);
    expect(found("%")).toEqual(["run-2"]);
    expect(catalogue.count({ text: "desk" })).toBe(2);
    expect(store.listRuns({ limit: 1, offset: 1 }).map(({ id }) => id)).toEqual(["run-2"]);
    expect(store.listRuns({ id: "run-" })).toEqual([]);
    expect(catalogue.suites()).toEqual([
      { name: "desk", runs: 2 },
      { name: "shop", runs: 1 },
    ]);
    expect(catalogue.tags()).toEqual(["main"]);
  });

  it("finds the runs of a case, newest first, and sees what others write meanwhile", () => {
    add("run-1", { suite: "shop", createdAt: "2026-11-01T00:00:00Z" }, ["a", "b"]);
    add("run-2", { suite: "shop", createdAt: "2026-11-02T00:00:00Z" }, ["b"]);
    expect(catalogue.runsOfCase("b", "shop", 1, 0)).toEqual({ runIds: ["run-2"], total: 2 });
    expect(catalogue.runsOfCase("b", "shop", 1, 1)).toEqual({ runIds: ["run-1"], total: 2 });
    expect(catalogue.runsOfCase("a", "shop", 9, 0)).toEqual({ runIds: ["run-1"], total: 1 });
    add("run-3", { suite: "desk", createdAt: "2026-11-03T00:00:00Z" }, ["a"]);
    expect(catalogue.suitesOfCase("a")).toEqual(["desk", "shop"]);
    expect(catalogue.rowsOfCase("run-3", "a")).toEqual([...store.trialRows("run-3")]);
    store.deleteRun("run-3");
    expect(catalogue.rowsOfCase("run-3", "a")).toEqual([]);
  });

  it("knows when trials ran, without those that nobody timed", () => {
    store.createRun(sampleRun("run-1"));
    const timed = sampleTrial("a", 0, { startedAt: "2026-11-01T00:00:00Z", durationMs: 12.5 });
    const untimed = sampleTrial("a", 1, { isUntimed: true });
    for (const trial of [timed, untimed]) store.addTrial("run-1", trial, sampleRow(trial, 1));
    expect(catalogue.times("run-1")).toEqual([{ startedAt: "2026-11-01T00:00:00Z", durationMs: 12.5 }]);
  });

  it("changes its mark with every tag", () => {
    add("run-1", {}, []);
    const before = catalogue.tagState();
    store.tagRun("run-1", "main");
    const tagged = catalogue.tagState();
    expect(tagged).not.toBe(before);
    store.untagRun("run-1", "main");
    expect(catalogue.tagState()).toBe(before);
  });
});
