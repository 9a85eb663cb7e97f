import { z } from "zod";
import { count } from "./shared.js";

const share = z.number().min(0).max(1);
const rolloutShare = z.strictObject({
  rollouts: count,
  share,
  lower: share.describe("Wilson interval at 95 %."),
  upper: share,
});
const medianTime = z
  .number()
  .nonnegative()
  .nullable()
  .describe("Median in milliseconds of the plan; null: none was.");

const way = z.strictObject({
  way: z
    .enum(["plan", "naive", "fixed"])
    .describe("The real controller; a z-test at every look; the same once, at the end."),
  promoted: rolloutShare,
  rolledBack: rolloutShare,
  paused: rolloutShare.describe("A person would have had to decide."),
  causes: z.record(z.string(), count).describe("What took canaries back or paused them, by how often."),
  exposedMean: z.number().nonnegative().describe("Conversations that met the canary."),
  exposedP95: z.number().nonnegative(),
  lostMean: z.number().nonnegative().describe("Of these, the ones that failed and would not have on stable."),
  lostP95: z.number().nonnegative(),
  toPromoteMs: medianTime,
  toRollbackMs: medianTime,
  looksMean: z.number().nonnegative(),
});

/** What rollouts by a plan come to, on recorded outcomes. */
export const canarySimulation = z.strictObject({
  stableRun: z.string(),
  canaryRun: z.string(),
  cases: count.describe("That both runs have."),
  perHour: z.number().positive().describe("Conversations."),
  rollouts: count.describe("Of each scenario."),
  seed: z.int(),
  looksPerBake: count,
  alpha: share,
  scenarios: z.array(
    z.strictObject({
      name: z.string(),
      gates: z.string().describe("Gate file with the plan."),
      stableRate: share.describe("True of the simulation."),
      canaryRate: share,
      isAlike: z.boolean().describe("Every rollback is a false one."),
      ways: z.array(way),
    }),
  ),
  notes: z.array(z.string()),
});
