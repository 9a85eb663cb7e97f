import { z } from "zod";
import { milliseconds, positiveInt } from "./quantities.js";

/**
 * Where a trial is stopped.
 *
 * @param steps - what one step is, in the plural
 */
export function limitsSchema(steps: string) {
  return z
    .strictObject({
      max_steps: positiveInt.default(30).describe(`Largest number of ${steps} in one trial.`),
      timeout_ms: milliseconds.default(120_000).describe("Wall-clock time of one trial, in milliseconds."),
      budget_usd: z.number().positive().optional().describe("Largest cost of one trial, in US dollars."),
      tool_result_max_chars: positiveInt
        .default(20_000)
        .describe("Longer tool results are cut in the middle."),
    })
    .prefault({})
    .describe("Where a trial is stopped.");
}
