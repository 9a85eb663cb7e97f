import { z } from "zod";
import { DOCTOR_AREAS } from "../doctor-report.js";

const state = z
  .enum(["ok", "warning", "problem", "unknown"])
  .describe("`unknown`: it was not looked at, or nobody can tell from here; never taken for ok.");

/** `agentctl doctor --json`. */
export const doctorReport = z.strictObject({
  state: state.describe("The worst of all checks."),
  checks: z.array(
    z.strictObject({
      area: z.enum(DOCTOR_AREAS),
      name: z.string(),
      state,
      evidence: z.string().describe("What was found, without any value of a variable."),
      fix: z.string().nullable().describe("Command or change that mends it."),
    }),
  ),
});
