import { z } from "zod";
import { estimate, hash, verdict } from "./shared.js";

const gateResult = z.strictObject({
  metric: z.string(),
  required: z.string().describe("The rule in words."),
  min: z.number().nullable(),
  max: z.number().nullable(),
  bound: z.enum(["estimate", "lower", "upper"]).describe("What must clear the thresholds."),
  estimate: estimate.nullable(),
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
