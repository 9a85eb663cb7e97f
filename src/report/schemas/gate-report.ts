import { z } from "zod";
import { estimate, hash, verdict } from "./shared.js";

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

const gateResult = z.strictObject({
  metric: z.string(),
  required: z.string().describe("The rule in words."),
  min: z.number().nullable(),
  max: z.number().nullable(),
  bound: z.enum(["estimate", "lower", "upper"]).describe("What must clear the thresholds."),
  estimate: estimate.nullable(),
  calibration: calibration.nullable().describe("Of the judge that gave the metric; null for other metrics."),
  verdict,
  severity: z.enum(["critical", "major", "minor"]).describe("minor warns only."),
  reason: z.string(),
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
});
