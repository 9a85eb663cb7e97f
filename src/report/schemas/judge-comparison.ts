import { z } from "zod";
import { count, hash } from "./shared.js";

const share = z.number().min(0).max(1).nullable();
const kappaLike = z.number().min(-1).max(1).nullable();
const difference = z.number().min(-2).max(2).nullable();
const p = z.number().min(0).max(1);
const text = z.string().nullable().describe("At most 600 characters; null where it is not known.");

/** Agreement of one judge with people. */
export const judgeAgreement = z.strictObject({
  agreement: z
    .strictObject({ estimate: share, lower: share, upper: share })
    .describe("Share of items with the same label, Wilson's interval."),
  kappa: kappaLike.describe("Cohen's kappa; null without items, or when both use one label alone."),
  lower: kappaLike,
  upper: kappaLike,
});

const comparedJudge = z.strictObject({
  judge: z.string(),
  judgeVersion: hash,
  judged: count.describe("Items that this version judged, labelled or not."),
});

/** Two judges against the same labels. */
export const judgeComparison = z.strictObject({
  rubric: z.string().describe("Rubric of the labels."),
  judges: z.strictObject({ first: comparedJudge, second: comparedJudge }),
  categories: z.array(z.string()).describe("In order."),
  weights: z.enum(["none", "linear", "quadratic"]),
  level: z.number().gt(0).lt(1).describe("Confidence level of the intervals."),
  minLabels: count.describe("Fewer items decide nothing."),
  items: z.strictObject({
    labelled: count,
    onlyFirst: count.describe("Labelled items that only the first judge judged: left out."),
    onlySecond: count,
    neither: count,
    strangeLabels: count.describe("Items whose label is not on the scale."),
    disputed: count.describe("Items that people disagree about, with no majority."),
  }),
  n: count.describe("Items with a label and a usable verdict of both."),
  unusable: z
    .strictObject({ first: count, second: count, items: count })
    .describe("Labelled items that both judged, left out because a verdict cannot be used."),
  first: judgeAgreement,
  second: judgeAgreement,
  agreementDifference: z
    .strictObject({
      estimate: kappaLike,
      lower: kappaLike,
      upper: kappaLike,
      p: p.describe("McNemar's exact test, two-sided."),
      won: count.describe("Items that only the second judge got right."),
      lost: count.describe("Items that only the first judge got right."),
    })
    .describe("Second minus first, Tango's interval."),
  kappaDifference: z
    .strictObject({
      estimate: difference,
      lower: difference,
      upper: difference,
      p: p.nullable().describe("Permutation test, two-sided."),
      resamples: count,
      seed: z.int(),
      reason: z.string().nullable().describe("Why there is no difference, or no interval."),
    })
    .describe("Second minus first, BCa bootstrap over items."),
  changed: z.array(
    z.strictObject({
      item: z.string(),
      truth: z.string().describe("Label of people."),
      first: z.string().nullable(),
      second: z.string().nullable(),
      change: z
        .enum(["won", "lost", "both-wrong"])
        .describe("won: only the second judge is right; lost: only the first."),
      question: text,
      answer: text,
      otherAnswer: text.describe("Second answer of a pair."),
    }),
  ),
  verdict: z
    .enum(["better", "worse", "cannot-tell"])
    .describe("Of the second judge, held against the first."),
  reason: z.string().describe("What decided."),
});
