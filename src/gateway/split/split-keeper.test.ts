import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../testing/manual-clock.js";
import { FileSplitKeeper, type SplitIncident } from "./split-keeper.js";

let folder: string;
let clock: ManualClock;
let incidents: SplitIncident[];
const open: FileSplitKeeper[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-"));
  clock = new ManualClock();
  incidents = [];
});
afterEach(() => {
  for (const keeper of open.splice(0)) keeper.close();
  rmSync(folder, { recursive: true, force: true });
});

function keeperOf({ graceMs = null, path = "split.json" }: { graceMs?: number | null; path?: string } = {}) {
  const onIncident = (incident: SplitIncident) => void incidents.push(incident);
  const keeper = new FileSplitKeeper({ file: join(folder, path), clock, graceMs, onIncident });
  open.push(keeper);
  return keeper;
}

const RELEASE = { salt: "rel-1", release: "rel-1" };

describe("a split", () => {
  it("is 0 at first, and is there with its version after a restart", () => {
    const keeper = keeperOf();
    expect(keeper.read()).toMatchObject({ bps: 0, salt: "", release: null, leaseEndsAt: null });
    const set = keeper.set({ bps: 2_500, ...RELEASE });
    expect(keeperOf().read()).toEqual(set);
  });

  it("is swapped by its version only, which changes with every change", () => {
    const keeper = keeperOf();
    const first = keeper.set({ bps: 100, ...RELEASE });
    expect(keeper.set({ bps: 100, ...RELEASE })).toEqual(first);
    const second = keeper.set({ bps: 200, ...RELEASE, ifVersion: first?.version ?? "" });
    expect(second?.version).not.toBe(first?.version);
    expect(keeper.set({ bps: 300, ...RELEASE, ifVersion: first?.version ?? "" })).toBeNull();
    expect(keeper.effectiveBps()).toBe(200);
  });

  it("does not rise without a disk, and falls without one", () => {
    const keeper = keeperOf({ path: "state/split.json" });
    keeper.set({ bps: 500, ...RELEASE });
    rmSync(join(folder, "state"), { recursive: true });
    writeFileSync(join(folder, "state"), "no folder");
    expect(() => keeper.set({ bps: 600, ...RELEASE })).toThrow(/cannot be written/);
    expect(keeper.effectiveBps()).toBe(500);
    keeper.set({ bps: 0, ...RELEASE });
    expect(keeper.view()).toMatchObject({ effectiveBps: 0, isSaved: false });
    expect(incidents).toMatchObject([{ kind: "not-saved" }]);
    rmSync(join(folder, "state"));
    keeper.set({ bps: 0, ...RELEASE });
    expect(keeper.view().isSaved).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, "state", "split.json"), "utf8"))).toMatchObject({ bps: 0 });
  });

  it("is not guessed from a file that holds something else", () => {
    writeFileSync(join(folder, "split.json"), '{"bps": 5000}');
    expect(() => keeperOf()).toThrow(/expected the split that the gateway wrote/);
  });
});

describe("a lease", () => {
  it("that ends puts 0 in force, for good, and says so once", () => {
    const keeper = keeperOf({ graceMs: 30_000 });
    const set = keeper.set({ bps: 2_500, ...RELEASE });
    clock.ms += 29_999;
    expect(keeper.effectiveBps()).toBe(2_500);
    clock.ms += 1;
    expect(keeper.effectiveBps()).toBe(0);
    keeper.renewLease(60_000);
    expect(keeper.effectiveBps()).toBe(0);
    expect(keeper.read()).toMatchObject({ bps: 2_500 });
    expect(keeper.read().version).not.toBe(set?.version);
    expect(keeper.view().leasesExpired).toBe(1);
    expect(incidents).toEqual([{ kind: "lease-expired", bps: 2_500 }]);
    expect(keeper.set({ bps: 2_500, ...RELEASE })).not.toBeNull();
    expect(keeper.effectiveBps()).toBe(2_500);
  });

  it("that is renewed keeps the split", () => {
    const keeper = keeperOf({ graceMs: 1_000 });
    keeper.set({ bps: 100, ...RELEASE });
    for (let time = 0; time < 20; time += 1) {
      keeper.renewLease(1_000);
      clock.ms += 999;
    }
    expect(keeper.effectiveBps()).toBe(100);
    expect(keeper.view().leaseLeftMs).toBe(1);
  });

  it("is one grace after a restart, then the split falls, and stays at 0 over the next restart", async () => {
    keeperOf({ graceMs: 30_000 }).set({ bps: 100, ...RELEASE });
    clock.ms += 3_600_000;
    const restarted = keeperOf({ graceMs: 30_000 });
    expect(restarted.effectiveBps()).toBe(100);
    clock.ms += 30_000;
    expect(restarted.effectiveBps()).toBe(0);
    await expect.poll(() => readFileSync(join(folder, "split.json"), "utf8")).toContain('"fell":true');
    expect(keeperOf({ graceMs: 30_000 }).effectiveBps()).toBe(0);
  });
});
