import { z } from "zod";
import { positiveInt } from "./quantities.js";

function pattern() {
  return z.string().min(1).refine(isPattern, { message: "wants a regular expression" });
}

const toolResultSchema = z.strictObject({
  tool: z.string().min(1).describe("Name of the tool, or `*` for every tool that is not named."),
  fields: z
    .array(z.string().min(1))
    .min(1)
    .describe("Dotted paths of a JSON result that are kept when it is too long; `*` is every item."),
});

/** `context` block of an agent file. */
export const contextSchema = z
  .strictObject({
    max_tokens: positiveInt.describe(
      "Largest size of one request of the agent, tool descriptions included; estimated tokens.",
    ),
    target_share: z
      .number()
      .gt(0)
      .max(1)
      .default(0.7)
      .describe("Share of max_tokens that a request is brought down to, so that not every turn summarises."),
    summarise: z
      .enum(["model", "extractive"])
      .default("extractive")
      .describe("Who summarises old turns: the agent's model, or sentences taken from them."),
    summary_max_tokens: positiveInt.default(300).describe("Largest size of the summary."),
    tool_result_max_tokens: positiveInt
      .default(2000)
      .describe("Tool results above this are cut: first to their fields, then in the middle."),
    tool_results: z
      .array(toolResultSchema)
      .default([])
      .describe("Fields that long results keep; default: those that the tool declares."),
    pin: z
      .strictObject({
        effects: z.boolean().default(true).describe("Pin what successful side effects did."),
        patterns: z
          .array(pattern())
          .default([])
          .describe("Regular expressions; what they match in the conversation is pinned. Case is ignored."),
        max_facts: positiveInt.default(50).describe("Most facts from patterns; the newest are kept."),
      })
      .prefault({})
      .describe("Facts that stay in the request when the turns they stand in are summarised."),
  })
  .describe("Keeps the requests of the agent within a size.");

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "iu");
    return true;
  } catch {
    return false;
  }
}
