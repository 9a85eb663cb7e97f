import { z } from "zod";
import { milliseconds, positiveInt } from "./quantities.js";

const specialistSchema = z
  .strictObject({
    agent: z.string().min(1).describe("Agent file of the specialist, relative to this file."),
    description: z.string().min(1).describe("What it is asked for; the supervisor's model reads this."),
    scopes: z
      .array(z.string().min(1))
      .optional()
      .describe(
        "Scopes of the supervisor's identity that the specialist has too; all when left out. A scope that the supervisor does not have is not granted.",
      ),
    roles: z
      .array(z.string().min(1))
      .optional()
      .describe("Roles of the supervisor's identity that the specialist has too; all when left out."),
    limits: z
      .strictObject({
        max_steps: positiveInt.optional().describe("Model calls in one delegation, at most."),
        timeout_ms: milliseconds.optional().describe("Time of one delegation, in milliseconds."),
        budget_usd: z.number().positive().optional().describe("Cost of one delegation, in US dollars."),
      })
      .default({})
      .describe("Where a delegation is stopped; default: `limits` of the specialist's own file."),
    on_failure: z
      .strictObject({
        retry: z.int().min(0).max(5).default(0).describe("Further attempts, from where the last one ended."),
        // biome-ignore lint/suspicious/noThenProperty: the key as users write it; the value is no function.
        then: z
          .enum(["escalate", "compensate", "continue"])
          .default("continue")
          .describe(
            "After the last attempt: hand over to a person, undo what was done, or tell the supervisor and go on.",
          ),
      })
      .prefault({})
      .describe("What a failure leads to."),
    breaker: positiveInt
      .default(3)
      .describe(
        "Failed attempts in a row after which the specialist is not asked again in the conversation.",
      ),
  })
  .describe("One specialist.");

/** `team` block of an agent file. */
export const teamSchema = z
  .strictObject({
    specialists: z
      .record(
        z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "wants lower-case letters, digits and underscores"),
        specialistSchema,
      )
      .refine((specialists) => Object.keys(specialists).length > 0, {
        message: "wants at least one specialist",
      })
      .describe("Agents that this one delegates to, by name: each is a tool `delegate_to_<name>`."),
    shared_state: z
      .boolean()
      .default(true)
      .describe("Whether all share a board with versions: tools `read_shared` and `write_shared`."),
    max_depth: positiveInt
      .max(5)
      .default(2)
      .describe("Levels of specialists below this agent, at most; that of the outermost supervisor counts."),
  })
  .describe("Agents that this one delegates to.");

export type SpecialistConfig = z.output<typeof specialistSchema>;
