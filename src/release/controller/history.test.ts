import { expect, it } from "vitest";
import { samplePlan } from "../testing/sample-release.js";
import { stepLogs } from "./history.js";
import { RELEASE, SimulatedWorld } from "./testing/simulated-world.js";

async function logsOf(shares: readonly number[]) {
  const [first] = samplePlan().steps;
  if (first === undefined) throw new Error("expected a step in the sample plan");
  const plan = samplePlan({ steps: shares.map((bps) => ({ ...first, bps })) });
  const world = new SimulatedWorld(plan);
  expect(await world.run(world.controller())).toBe("SUCCEEDED");
  return stepLogs(world.journal.rows(RELEASE), plan);
}

it("has the promotion as a step of its own, so that nobody is compared with a stable that has no traffic", async () => {
  const logs = await logsOf([500, 5000]);
  expect(logs.map(({ step, bps }) => [step, bps])).toEqual([
    [0, 500],
    [1, 5000],
    [1, 10_000],
  ]);
  expect(logs.map(({ endedAt }) => endedAt)).toEqual([expect.any(Number), logs[2]?.startedAt, null]);
});

it("has it once where the last step had all traffic", async () => {
  const logs = await logsOf([500, 10_000]);
  expect(logs.map(({ step, bps, endedAt }) => [step, bps, endedAt])).toEqual([
    [0, 500, expect.any(Number)],
    [1, 10_000, null],
  ]);
});
