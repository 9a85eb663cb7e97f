import { z } from "zod";
import { runHeader } from "./run.js";
import { costUsd, count, estimate, layer, metricFacts, milliseconds } from "./shared.js";

const proportion = z.number().min(0).max(1);
const nullable = z.number().nullable();

const comparedRun = z.strictObject({
  run: runHeader,
  planned: count,
  crashed: count.describe("Trials that infrastructure broke; failures for task.success."),
  missing: count.describe("Planned trials that are not stored."),
});

const changeVerdict = z
  .enum(["better", "worse", "no-difference-shown", "unknown"])
  .describe("no-difference-shown is no proof of equality.");

export const difference = z.strictObject({
  value: nullable.describe("Candidate minus baseline."),
  lower: nullable,
  upper: nullable,
  method: z.string().describe("Of the interval."),
  relative: nullable.describe("Candidate over baseline, minus 1; null when the baseline is 0 or unknown."),
  n: count.describe("Pairs of cases, or the smaller number of cases, that it rests on."),
  clusters: count.describe("Independent clusters."),
  reason: z.string().exactOptional().describe("Why there is no value or no interval."),
});

const p = proportion.nullable();

export const testResult = z.strictObject({
  name: z.string(),
  statistics: z.record(z.string(), nullable),
  p: p.describe("Two-sided."),
  seed: count.exactOptional().describe("Of a randomised test."),
});

const pairs = z.strictObject({ bothPassed: count, lost: count, won: count, bothFailed: count });

const metric = z.strictObject({
  metric: z.string(),
  layer,
  ...metricFacts,
  description: z.string(),
  isPrimary: z.boolean().describe("Whether the comparison was planned for it: its p is not adjusted."),
  baseline: estimate,
  candidate: estimate,
  difference,
  test: testResult.nullable().describe("The test that decides; null where the interval alone does."),
  otherTests: z.array(testResult).describe("They decide nothing."),
  adjustedP: p.describe("Holm-adjusted over the metrics that are not primary."),
  verdict: changeVerdict,
  sentence: z.string(),
  pairs: pairs.nullable().describe("0/1 outcomes of paired cases."),
});

const distribution = z.strictObject({
  n: count,
  mean: nullable,
  quantiles: z.array(
    z.strictObject({
      q: z.number().gt(0).lt(1),
      value: nullable.describe("Type 7."),
      nearestRank: nullable,
      lower: nullable,
      upper: nullable,
    }),
  ),
  points: z.array(z.number()).describe("Ascending, thinned to at most 200."),
  unknown: count.describe("Measurements that are missing."),
});

const distributionComparison = z.strictObject({
  name: z.string(),
  label: z.string(),
  unit: metricFacts.unit,
  baseline: distribution,
  candidate: distribution,
  test: testResult.describe("Rank test on all measurements."),
  otherTests: z.array(testResult),
  adjustedP: p,
  verdict: changeVerdict,
  sentence: z.string(),
});

const slice = z.strictObject({
  by: z.string(),
  slice: z.string(),
  baseline: nullable,
  candidate: nullable,
  difference,
  test: testResult.nullable(),
  adjustedP: p.describe("Holm-adjusted over all slices."),
  verdict: changeVerdict,
});

const changedCase = z.strictObject({
  caseId: z.string(),
  baseline: z.number().describe("Mean score of its trials."),
  candidate: z.number().describe("Mean score of its trials."),
});

const candidate = z.strictObject({
  candidate: comparedRun,
  design: z.strictObject({
    kind: z.enum(["paired", "unpaired"]),
    cases: count,
    baselineOnlyCases: count,
    candidateOnlyCases: count,
    clusters: count,
    hasRepeatedTrials: z.boolean(),
  }),
  summary: z.string(),
  warnings: z
    .array(z.strictObject({ code: z.string(), message: z.string() }))
    .describe("Why the comparison may not be clean, the gravest first."),
  metrics: z.array(metric),
  distributions: z.array(distributionComparison),
  slices: z.array(slice).describe("The primary metric on each slice."),
  reversals: z
    .array(
      z.strictObject({ by: z.string(), pooled: z.number(), withinSlices: z.number(), message: z.string() }),
    )
    .describe("Simpson's paradox."),
  changes: z.strictObject({ metric: z.string(), lost: z.array(changedCase), won: z.array(changedCase) }),
  detectable: z
    .strictObject({ drop: nullable, discordantRate: proportion, sentence: z.string() })
    .nullable()
    .describe("What a comparison of this size can see."),
});

const changedTrial = z
  .strictObject({
    runId: z.string(),
    trial: count,
    answer: z.string().nullable(),
    failures: z.array(z.string()),
    toolCalls: z.array(z.string()),
    durationMs: milliseconds.nullable().describe("null when a recording does not say."),
    costUsd,
  })
  .nullable();

/** Runs compared with the first of them. */
export const comparison = z.strictObject({
  baseline: comparedRun,
  candidates: z.array(candidate),
  level: z.number().gt(0).lt(1).describe("Confidence level of every interval."),
  cases: z
    .record(
      z.string(),
      z.strictObject({
        input: z.string().nullable().describe("null for a holdout case."),
        risk: z.string().nullable(),
        tags: z.array(z.string()),
        isHoldout: z.boolean(),
        baseline: changedTrial,
        candidates: z.array(changedTrial),
      }),
    )
    .describe("Texts of lost and won cases, by case id."),
});
