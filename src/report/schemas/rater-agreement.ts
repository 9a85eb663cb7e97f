import { z } from "zod";
import { count } from "./shared.js";

const kappaLike = z.number().min(-1).max(1).nullable();
const share = z.number().min(0).max(1).nullable();
const se = z.number().nonnegative().nullable().describe("Standard error.");
const limits = { lower: kappaLike, upper: kappaLike };

const agreement = z
  .strictObject({
    n: count.describe("Items that both rated."),
    invalid: count.describe("Items left out because a label is null."),
    agreement: share.describe("Share of items with the same label, whatever the weights."),
    kappa: z
      .strictObject({
        kappa: kappaLike,
        se,
        ...limits,
        po: share.describe("Observed agreement, weighted."),
        pe: share.describe("Agreement by chance, weighted."),
      })
      .describe("Cohen's kappa; null without items, or when both use one label alone."),
    ac1: z.strictObject({ ac1: kappaLike, se, ...limits }).describe("Gwet's AC1."),
    alpha: z
      .strictObject({
        alpha: z.number().max(1).nullable(),
        metric: z.enum(["nominal", "ordinal", "interval"]).describe("Follows the weights of kappa."),
      })
      .describe("Krippendorff's alpha."),
    confusion: z
      .array(z.array(count))
      .describe("Row: category of the first rater; column: of the second. In the order of `marginals`."),
  })
  .nullable();

const positionBias = z
  .strictObject({
    n: count,
    consistency: share.describe("Share of pairs with the same winner in both orders."),
    firstOnly: count.describe("Pairs won by whichever answer came first."),
    secondOnly: count.describe("Pairs won by whichever answer came second."),
    bias: kappaLike.describe("(firstOnly - secondOnly) / n."),
    p: z.number().min(0).max(1).describe("Exact two-sided p that both slots are favoured alike."),
  })
  .nullable()
  .describe("null when judged in one order, or unless the labels are two, and `tie` if need be.");

/** Agreement of raters on a table. */
export const raterAgreement = z.strictObject({
  file: z.string(),
  raters: z
    .strictObject({ a: z.string(), b: z.string().nullable(), swapped: z.string().nullable() })
    .describe("Fields that hold the labels."),
  by: z.array(z.string()).describe("Fields that make the groups."),
  categories: z.array(z.string()).describe("In order."),
  nullAsCategory: z.boolean().describe("Whether null labels are one more category, the last."),
  weights: z.enum(["none", "linear", "quadratic"]),
  level: z.number().gt(0).lt(1).describe("Confidence level of the intervals."),
  groups: z.array(
    z.strictObject({
      group: z.record(z.string(), z.string().nullable()).describe("Values of the fields in `by`."),
      rows: count,
      invalid: count.describe("Rows in which at least one label is null."),
      marginals: z
        .array(
          z.strictObject({
            category: z.string().nullable(),
            a: count,
            b: count.nullable(),
            swapped: count.nullable(),
          }),
        )
        .describe("Labels per category by each rater, over all rows; null for a rater that is not there."),
      majority: z
        .strictObject({ category: z.string().nullable(), accuracy: z.number().min(0).max(1), n: count })
        .nullable()
        .describe("What always giving the first rater's commonest label would agree."),
      agreement: agreement.describe("First rater against second; null without a second."),
      order: agreement.describe("The judge against itself with the answers swapped; null in one order."),
      positionBias,
    }),
  ),
});
