import { z } from "zod";
import type { GateExplanation } from "../../gates/explain/gate-explanation.js";
import { gateKind } from "./gate-kind.js";
import { hash, verdict } from "./shared.js";

const explanation = z.strictObject({
  name: z.string(),
  kind: gateKind,
  required: z.string().describe("The rule in words."),
  verdict,
  reason: z.string(),
  toSettle: z.string().nullable().describe("What would make it conclusive."),
  steps: z
    .array(z.strictObject({ title: z.string(), lines: z.array(z.string()) }))
    .describe("The arithmetic: formulas with numbers put in."),
  get parts(): z.ZodType<readonly GateExplanation[]> {
    return z.array(explanation);
  },
});

/** The arithmetic of one gate on one run. */
export const gateExplanation = z.strictObject({ runId: z.string(), gatesHash: hash, explanation });
