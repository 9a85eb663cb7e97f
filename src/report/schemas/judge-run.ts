import { z } from "zod";
import { correctedEstimate } from "./judge-estimate.js";
import { count, estimate, hash } from "./shared.js";

export const judgeRun = z.strictObject({
  judge: z.strictObject({
    name: z.string(),
    file: z.string().describe("As it was given."),
    version: hash.describe("Content hash of everything that a verdict depends on."),
    rubricVersion: z.string().describe("The rubric's own version."),
    rubricHash: hash.describe("Content hash of rubric, scale, examples and what is read."),
    model: z.string().nullable().describe("As provider/name; null for a baseline."),
    heuristic: z.enum(["lexical_faithfulness", "lexical_helpfulness", "majority"]).nullable(),
    scale: z.enum(["binary", "ordinal", "categorical", "pairwise", "claims"]),
    votes: count.describe("Votes on each item, in each order."),
    orders: z.union([z.literal(1), z.literal(2)]),
    aggregation: z.enum(["majority", "median", "mean"]),
  }),
  judgedRun: z.string().nullable().describe("Run that was judged; null for labelled items."),
  against: z.string().nullable().describe("Run whose answers stood second."),
  items: z.strictObject({
    planned: count,
    judged: count.describe("With all their votes, usable or not."),
    notJudged: z.record(z.string(), count).describe("Items that gave nothing to judge, by reason."),
    failed: count.describe("Items that lack votes because the judge could not be asked."),
    left: count.describe("Items that were not asked about, because of the limit or the budget."),
  }),
  verdicts: z
    .array(z.strictObject({ label: z.string(), items: count }))
    .describe("Items by final verdict, in the order of the scale."),
  withoutVerdict: count.describe("Judged items without a final verdict."),
  flips: count.nullable().describe("Pairs whose verdict changed with the order; null with one order."),
  unusable: z
    .strictObject({ unmapped: count, refusal: count, invalid_reply: count, out_of_range: count })
    .describe("Votes without a label, by reason."),
  unmappedWords: z
    .array(z.strictObject({ word: z.string(), votes: count }))
    .describe("Words that no label and no synonym matches, the commonest first, at most 10."),
  storedVotes: count.describe("Votes that were there from earlier judgings."),
  newVotes: count.describe("Votes that this judging added."),
  calls: count.describe("Calls that the judge answered now."),
  cachedCalls: count.describe("Calls that the response cache answered."),
  costUsd: z.number().nonnegative().describe("US dollars of the calls that have a price."),
  unpricedCalls: count.describe("Calls without a known price."),
  failures: count.describe("Votes that are missing because the judge could not be asked."),
  budgetUsd: z.number().positive().nullable(),
  stoppedBy: z.enum(["limit", "budget"]).nullable().describe("Why items are left."),
  warnings: z.array(z.string()),
  corrected: correctedEstimate
    .nullable()
    .describe("Corrected for the judge's errors; null without labels, or when no run was judged."),
  estimate: estimate.describe("Over the judged items, as the judge says it: not corrected for its errors."),
  run: z
    .string()
    .nullable()
    .describe("New run that holds the scores; null when items are missing, or when no run was judged."),
});
