import { z } from "zod";
import { positiveInt } from "./quantities.js";

/** `loop_guard` block of an agent file. */
export const loopGuardSchema = z
  .strictObject({
    warn_after: positiveInt
      .default(2)
      .describe("Failures of the same call after which the model is told, in the result."),
    stop_after: positiveInt
      .default(3)
      .describe("Failures of the same call after which the turn ends with tool_loop."),
    max_polls: positiveInt
      .default(20)
      .describe("Successful repeats of the same call in one turn, as in polling; one more is not run."),
    reply: z.string().min(1).optional().describe("What the user is told when the loop is stopped."),
  })
  .refine((block) => block.warn_after < block.stop_after, {
    path: ["stop_after"],
    message: "wants a number above `warn_after`",
  })
  .describe("Notices tool calls that go round in circles.");
