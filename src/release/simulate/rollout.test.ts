import { describe, expect, it } from "vitest";
import { canarySchema } from "../../config/gates/canary-schema.js";
import { armOf } from "../../core/traffic-split.js";
import { MemoryJournal } from "../journal/memory-journal.js";
import { openReleaseJournal } from "../journal/open-release-journal.js";
import { ArrivalStream, idOf, type Traffic } from "./arrivals.js";
import { MemoryRouter } from "./memory-router.js";
import { outcomePool, ratesOf } from "./outcome-pool.js";
import { type PlainTest, simulatePlainTest } from "./plain-tests.js";
import { type SimulatedRelease, START, simulateRollout, streamOf } from "./rollout.js";
import { compressed, inventedPlan, speedOf } from "./simulated-plan.js";
import { summarise } from "./summarise.js";

const STEPS = [
  { traffic: "5%", bake: "30m", min_conversations: 20 },
  { traffic: "50%", bake: "1h", max_bake: "6h", approval: "required" },
];
const RULES = {
  resolution_rate: { threshold: "-10% vs control", window: "15m" },
  p95_latency: { threshold: "+500ms vs control", window: "15m" },
};
const policy = (patch: object = {}) =>
  canarySchema.parse({ steps: STEPS, rollback_triggers: RULES, ...patch });
const trial = (isSuccess: boolean, latencyMs: number) => ({
  isSuccess,
  ok: true,
  latenciesMs: [latencyMs],
  costUsd: null,
});
const pool = Array.from({ length: 20 }, (_, at) => ({
  caseId: `c${at}`,
  stratum: "all",
  stable: [trial(at >= 4, 1000 + 10 * at)],
  canary: [trial(at >= 4, 1000 + 10 * at)],
}));

/** Rollouts at 600 conversations an hour. */
function releaseOf(traffic: Partial<Traffic> = {}, patch: object = {}): SimulatedRelease & { speed: number } {
  const plan = inventedPlan(policy(patch));
  const speed = speedOf(plan.steps);
  return {
    speed,
    plan: compressed(plan, speed),
    traffic: { pool, meanGapMs: 6000 / speed, flippedShare: 0, ...traffic },
    looksPerBake: 4,
  };
}

const rolled = (release: SimulatedRelease, seed: number) => simulateRollout(release, streamOf(release, seed));
const plainly = (release: SimulatedRelease, test: PlainTest, seed: number) =>
  simulatePlainTest(release, streamOf(release, seed), test);

describe("a simulated rollout", () => {
  it("of a version that is alike is promoted, in the time of the plan, and is the same again", async () => {
    const release = releaseOf();
    const first = await rolled(release, 1);
    expect(first).toMatchObject({ end: "promoted", cause: null, lost: 0 });
    expect(await rolled(release, 1)).toEqual(first);
    expect(await rolled(release, 2)).not.toEqual(first);
    const hours = (first.afterMs * release.speed) / 3_600_000;
    expect(hours).toBeGreaterThanOrEqual(1.5);
    expect(hours).toBeLessThanOrEqual(6.5);
  });

  it("writes the journal that a release in SQLite has", async () => {
    const release = releaseOf({}, { steps: [{ traffic: "20%", bake: "30m" }] });
    const journals = [new MemoryJournal(), openReleaseJournal(":memory:")];
    const [inMemory, inSqlite] = await Promise.all(
      journals.map(async (journal) => {
        const result = await simulateRollout(release, streamOf(release, 4), journal);
        const [record] = journal.list();
        const rows = journal.rows(record?.id ?? "");
        return { result, record, rows, kept: rows.map((row) => journal.evidence(row.evidenceHash ?? "")) };
      }),
    );
    for (const journal of journals) journal.close();
    expect(inMemory).toEqual(inSqlite);
    expect(inMemory?.rows.length).toBeGreaterThan(10);
    expect(inMemory?.kept.filter((evidence) => evidence !== null).length).toBeGreaterThan(0);
  });

  it("of one that fails a quarter more goes back, and says by which rule", async () => {
    const result = await rolled(releaseOf({ flippedShare: 0.25 / 0.8 }), 1);
    expect(result).toMatchObject({ end: "rolled-back", cause: "resolution_rate" });
    expect(result.lost).toBeGreaterThan(0);
    expect(result.exposed).toBeGreaterThan(result.lost);
  });

  it("of one that is slower goes back by its latency", async () => {
    const slow = pool.map((one) => ({ ...one, canary: one.canary.map((run) => trial(run.isSuccess, 4000)) }));
    expect(await rolled(releaseOf({ pool: slow }), 1)).toMatchObject({
      end: "rolled-back",
      cause: "p95_latency",
    });
  });

  it("pauses where its conversations do not come", async () => {
    const steps = [{ traffic: "1%", bake: "30m", min_conversations: 500 }];
    expect(await rolled(releaseOf({}, { steps }), 1)).toMatchObject({
      end: "paused",
      cause: "underpowered",
    });
  });
});

describe("plain tests on the same stream", () => {
  it("go back by chance where every look has all of alpha, more often than where one has", () => {
    const release = releaseOf();
    const results = (test: "naive" | "fixed") =>
      Array.from({ length: 200 }, (_, seed) => plainly({ ...release, looksPerBake: 20 }, test, seed));
    const [naive, fixed] = (["naive", "fixed"] as const).map((test) =>
      summarise("naive", results(test), release.speed),
    );
    expect(fixed?.rolledBack.lower).toBeLessThan(0.05);
    expect(naive?.rolledBack.lower).toBeGreaterThan(0.05);
    expect(naive?.exposedMean).toBeLessThan(fixed?.exposedMean ?? 0);
  });

  it("find a large drop, and pause where conversations do not come", () => {
    expect(plainly(releaseOf({ flippedShare: 0.3 }), "fixed", 1)).toMatchObject({
      end: "rolled-back",
    });
    const steps = [{ traffic: "1%", bake: "30m", min_conversations: 500 }];
    expect(plainly(releaseOf({}, { steps }), "fixed", 1)).toMatchObject({ end: "paused" });
  });
});

describe("the stream", () => {
  it("has the rate, the shares and the planted drop that it was given", () => {
    const traffic = { pool, meanGapMs: 10, flippedShare: 0.125 };
    const stream = new ArrivalStream(traffic, { seed: 3, salt: "r1", start: START });
    const numbers = Array.from({ length: stream.firstAfter(START + 200_000, 0) }, (_, index) => index);
    const share = (count: number) => count / numbers.length;
    expect(Math.abs(numbers.length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
    expect(stream.timeOf(numbers.length - 1)).toBeLessThanOrEqual(START + 200_000);
    expect(stream.timeOf(numbers.length)).toBeGreaterThan(START + 200_000);
    expect(numbers.every((one) => stream.armAt(one, 500) === armOf("r1", idOf(one), 500))).toBe(true);
    expect(share(numbers.filter((one) => stream.armAt(one, 500) === "canary").length)).toBeCloseTo(0.05, 1);
    const [stable, canary] = (["stable", "canary"] as const).map((arm) =>
      numbers.map((one) => stream.isSuccess(one, arm)),
    );
    expect(share(numbers.filter((one) => stable?.[one]).length)).toBeCloseTo(0.8, 1);
    const lost = numbers.filter((one) => stable?.[one] && !canary?.[one]).length;
    expect(Math.abs(share(lost) - 0.1)).toBeLessThan(0.01);
    expect(numbers.some((one) => !stable?.[one] && canary?.[one])).toBe(false);
  });

  it("draws cases that both runs have, and leaves out trials that were not scored", () => {
    const row = (caseId: string, value: number | null, group = "g") => ({
      caseId,
      group,
      trial: 0,
      status: "completed" as const,
      errorCode: null,
      durationMs: 5,
      untimed: null,
      costUsd: null,
      scores: { "task.success": value === null ? { value, reason: "unknown" } : { value } },
    });
    const found = outcomePool(
      [row("a", 1), row("b", 0), row("c", null)],
      [row("a", 0), row("b", 0), row("c", 1)],
    );
    expect(found.map(({ caseId, stratum }) => `${caseId} ${stratum}`)).toEqual(["a g", "b g"]);
    expect(ratesOf(found)).toEqual({ stable: 0.5, canary: 0 });
    const broken = { ...row("a", null), status: "error" as const };
    expect(outcomePool([broken], [row("a", 1)])[0]?.stable).toEqual([{ ...trial(false, 5), ok: false }]);
  });
});

describe("the router of a simulation", () => {
  it("sets absolutely, swaps by version, and refuses a share that is none", async () => {
    const router = new MemoryRouter();
    const first = await router.set({ bps: 500, salt: "a" });
    expect(await router.set({ bps: 500, salt: "a", ifVersion: first.version })).toEqual(first);
    const second = await router.set({ bps: 700, salt: "a", ifVersion: first.version });
    expect(await router.get()).toEqual(second);
    await expect(router.set({ bps: 1, salt: "a", ifVersion: first.version })).rejects.toMatchObject({
      code: "ROUTER_CONFLICT",
    });
    await expect(router.set({ bps: 10_001, salt: "a" })).rejects.toThrow(RangeError);
    expect(await router.get()).toEqual(second);
  });
});
