import { expect, it } from "vitest";
import { canarySchema } from "../../config/gates/canary-schema.js";
import type { SimulatedRelease } from "./rollout.js";
import { simulateAll } from "./simulate-all.js";
import { compressed, inventedPlan, speedOf } from "./simulated-plan.js";

const policy = canarySchema.parse({
  steps: [{ traffic: "20%", bake: "30m", max_bake: "1h" }],
  rollback_triggers: { resolution_rate: { threshold: "-10% vs control", window: "15m" } },
});
const outcome = (isSuccess: boolean) => ({ isSuccess, ok: true, latenciesMs: [900], costUsd: null });
const outcomes = [outcome(true), outcome(true), outcome(false)];
const pool = [{ caseId: "c", stratum: "all", stable: outcomes, canary: outcomes }];

/** Rollouts at 300 conversations an hour. */
function releaseOf(flippedShare: number, cases = pool): SimulatedRelease {
  const plan = inventedPlan(policy);
  const speed = speedOf(plan.steps);
  const traffic = { pool: cases, flippedShare, meanGapMs: 12_000 / speed };
  return { plan: compressed(plan, speed), traffic, looksPerBake: 3 };
}

const NOBODY = () => undefined;

it("gives the same rollouts whatever the number of threads, and tells of each", async () => {
  const work = { releases: [releaseOf(0), releaseOf(0.3)], seed: 7 };
  const alone = await simulateAll(work, { rollouts: 12, jobs: 1 }, NOBODY);
  const told: number[] = [];
  const together = await simulateAll(work, { rollouts: 12, jobs: 2 }, (done, all) => {
    expect(all).toBe(24);
    told.push(done);
  });
  expect(together).toEqual(alone);
  expect(told).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  expect(alone.map((one) => one.length)).toEqual([12, 12]);
  const [first, second] = alone[0] ?? [];
  expect(first).not.toEqual(second);
  expect(await simulateAll({ ...work, seed: 8 }, { rollouts: 2, jobs: 1 }, NOBODY)).not.toEqual(
    alone.map((one) => one.slice(0, 2)),
  );
});

it("fails when a thread does", async () => {
  const work = { releases: [releaseOf(0, [])], seed: 7 };
  await expect(simulateAll(work, { rollouts: 12, jobs: 2 }, NOBODY)).rejects.toThrow(TypeError);
});
