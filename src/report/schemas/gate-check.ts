import { z } from "zod";
import type { CheckedPart } from "../../gates/check/gate-check.js";
import { gateKind } from "./gate-kind.js";
import { count, hash } from "./shared.js";

const checkedPart = z.strictObject({
  name: z.string().describe("As reports call it."),
  kind: gateKind,
  passes: z.string().describe("What it passes on, in words."),
  get parts(): z.ZodType<readonly CheckedPart[]> {
    return z.array(checkedPart);
  },
});

/** What a gate file says, without any run. */
export const gateCheck = z.strictObject({
  file: z.string(),
  gatesHash: hash,
  imports: z.array(z.string()).describe("Files that it imports, directly or not."),
  suite: z.string(),
  cases: count.nullable().describe("Of the suite's golden set; null when it cannot be read."),
  level: z.number().gt(0).lt(1).describe("Confidence level of the intervals."),
  gates: z.array(
    z.strictObject({
      ...checkedPart.shape,
      parts: z.array(checkedPart),
      file: z.string().describe("That it stands in."),
      severity: z.enum(["critical", "major", "minor"]),
      onInconclusive: z.enum(["fail", "inconclusive"]),
      when: z.string().nullable().describe("Condition without which it is not judged."),
    }),
  ),
  baselines: z.array(
    z.strictObject({
      reference: z.string(),
      runId: z.string().nullable().describe("null for a file, and where there is none."),
      missing: z.string().nullable().describe("Why there is none."),
    }),
  ),
  waivers: z.array(
    z.strictObject({
      gate: z.string(),
      by: z.string(),
      reason: z.string(),
      until: z.string(),
      daysLeft: z.int().describe("1 on the last day, 0 or less once it has expired."),
    }),
  ),
  canary: z.array(z.string()).describe("In words, one line for each step and trigger."),
  warnings: z.array(
    z.strictObject({ gate: z.string().nullable().describe("null: about the file."), message: z.string() }),
  ),
});
