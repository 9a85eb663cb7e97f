import { z } from "zod";
import type { GateResult } from "../../gates/gate-report.js";
import { difference, testResult } from "./comparison.js";
import { gateKind } from "./gate-kind.js";
import { count, estimate, hash, verdict } from "./shared.js";

const calibration = z.strictObject({
  judge: z.string(),
  judgeVersion: hash,
  rubric: z.string(),
  metric: z.string(),
  verdict: z.enum(["calibrated", "advisory", "unusable"]),
  reason: z.string(),
  kappa: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  n: z.int().describe("Items with a label and a verdict."),
  floor: z.number().describe("What the lower limit had to reach."),
  at: z.string(),
  expiresAt: z.string(),
  reportHash: hash,
  hasExpired: z.boolean(),
});

const gateDifference = z.strictObject({
  ...difference.shape,
  level: z.number().describe("Confidence level of the interval."),
  design: z.enum(["paired", "unpaired"]),
  margin: z.number().nullable().describe("Largest loss that passes, or least gain."),
  isRelative: z.boolean().describe("Whether it is candidate over baseline minus 1."),
  test: testResult.nullable(),
});

const gateResult = z.strictObject({
  name: z.string().describe("Unique in the report."),
  kind: gateKind,
  metric: z.string().nullable(),
  required: z.string().describe("The rule in words."),
  min: z.number().nullable(),
  max: z.number().nullable(),
  bound: z.enum(["estimate", "lower", "upper"]).describe("What must clear the thresholds."),
  estimate: estimate.nullable(),
  baseline: z
    .strictObject({
      reference: z.string(),
      runId: z.string(),
      agentVersion: hash,
      estimate: estimate.nullable(),
    })
    .nullable()
    .describe("The run compared with; null for gates without a baseline."),
  difference: gateDifference.nullable().describe("Candidate minus baseline."),
  calibration: calibration.nullable().describe("Of the judge that gave the metric; null for other metrics."),
  verdict,
  severity: z.enum(["critical", "major", "minor"]).describe("minor warns only."),
  reason: z.string(),
  toSettle: z.string().nullable().describe("What would make an inconclusive gate conclusive."),
  get parts(): z.ZodType<readonly GateResult[]> {
    return z.array(gateResult);
  },
  cases: z.array(z.strictObject({ caseId: z.string(), note: z.string() })),
  waiver: z
    .strictObject({ gate: z.string(), by: z.string(), reason: z.string(), until: z.string() })
    .nullable(),
});

/** All rules of gates.yaml judged on a run. */
export const gateReport = z.strictObject({
  verdict,
  reasons: z.array(z.string()).describe("What kept the verdict from pass; empty on a pass."),
  notes: z.array(z.string()).describe("What a reader must know about the run, whatever the verdict."),
  runId: z.string(),
  gatesHash: hash,
  datasetHash: hash,
  agentVersion: hash,
  results: z.array(gateResult),
  skipped: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  flaky: z.array(
    z.strictObject({
      caseId: z.string(),
      passed: count,
      trials: count,
      historyRate: z.number().nullable().describe("Share of disagreeing pairs of earlier trials."),
      p: z.number(),
    }),
  ),
});
