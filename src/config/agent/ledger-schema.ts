import { z } from "zod";

/** `ledger` block of an agent file. */
export const ledgerSchema = z.strictObject({
  on_failure: z
    .enum(["keep", "compensate", "escalate"])
    .default("keep")
    .describe(
      "When a turn ends with a failed side effect after others that were done: leave those, undo them, or call a person.",
    ),
  repeats: z
    .enum(["turn", "conversation", "allow"])
    .default("turn")
    .describe("Where a second call with the same tool and arguments is answered from the ledger, not made."),
  survives: z
    .enum(["power-cut", "kill"])
    .default("power-cut")
    .describe("What an intent outlives before its call is sent; power-cut waits for the disk."),
  reconcile_attempts: z
    .int()
    .min(1)
    .max(10)
    .default(3)
    .describe("How often a system is asked what became of a call before a person is."),
  reconcile_wait_ms: z
    .int()
    .min(0)
    .max(60_000)
    .default(500)
    .describe("Wait between two such attempts, in milliseconds."),
  settle_ms: z
    .int()
    .min(0)
    .max(600_000)
    .default(1000)
    .describe(
      "A system that does not know a call is believed this long after it was first asked, in milliseconds.",
    ),
});
