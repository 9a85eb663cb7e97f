import { z } from "zod";
import { count, hash } from "./shared.js";

const chance = z.number().min(0).max(1);

const chances = {
  pass: chance,
  fail: chance,
  inconclusive: chance,
  standardError: z
    .number()
    .nullable()
    .describe("Monte Carlo standard error of `pass`; null of exact figures."),
};

const planted = z.union([
  z.strictObject({ kind: z.literal("same") }),
  z.strictObject({ kind: z.literal("drop"), size: z.number().describe("0.02 for 2 points.") }),
  z.strictObject({ kind: z.literal("ratio"), size: z.number().describe("Of times, costs and counts.") }),
]);

const scenario = z.strictObject({ planted: planted.describe("What is true of the candidate."), ...chances });

const gate = z.strictObject({
  name: z.string(),
  kind: z.enum([
    "threshold",
    "no-worse",
    "better",
    "trend",
    "coverage",
    "must-pass",
    "budget",
    "all",
    "any",
    "slices",
  ]),
  metric: z.string().nullable(),
  unit: z.enum(["proportion", "ms", "usd", "count", "tokens", "score", "rating"]).nullable(),
  severity: z.enum(["critical", "major", "minor"]).describe("minor warns only."),
  onInconclusive: z.enum(["fail", "inconclusive"]),
  method: z.enum(["exact", "simulation", "none"]),
  note: z.string().nullable().describe("Why there are no figures."),
  rests: z
    .strictObject({
      cases: count.describe("Cases that the metric is scored on."),
      rate: z.number().nullable().describe("Mean of the metric in what is drawn from."),
      discordant: z.number().nullable().describe("Share of cases that differ between two equally good runs."),
    })
    .nullable(),
  scenarios: z.array(scenario).describe("By what is planted, `same` first."),
  truths: z
    .array(
      z.strictObject({
        truth: z.number(),
        clearance: z.number().describe("Distance from the threshold; below 0 where the truth misses it."),
        ...chances,
      }),
    )
    .describe("Of an absolute threshold."),
  seenWith80: z.number().nullable().describe("Least drop or ratio blocked with 80 %, interpolated."),
  needs: z.array(z.string()),
});

/** What gate rules will do, before anything runs. */
export const gatePlan = z.strictObject({
  suite: z.string(),
  dataset: z.strictObject({
    path: z.string(),
    hash,
    cases: count,
    groups: count.describe("Independent groups of cases."),
  }),
  trialsPerCase: count,
  gatesHash: hash,
  seed: z.int(),
  draws: count.describe("Simulated pairs of runs of each scenario."),
  resampledDraws: count.describe("The same of rules that compare by resampling."),
  resamples: count.describe("Of each such comparison."),
  assumptions: z.array(z.string()).describe("What the figures rest on."),
  gates: z.array(gate),
  policy: z.array(scenario).describe("All rules together."),
});
