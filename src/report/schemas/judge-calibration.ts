import { z } from "zod";
import { raterAgreement } from "./rater-agreement.js";
import { count, hash, timestamp } from "./shared.js";

const share = z.number().min(0).max(1).nullable();
const kappaLike = z.number().min(-1).max(1).nullable();
const p = z.number().min(0).max(1);
const agreement = raterAgreement.shape.groups.element.shape.agreement.unwrap();
const verdict = z
  .enum(["calibrated", "advisory", "unusable"])
  .describe("Whether the judge may gate, only inform, or be used for nothing.");

const gradeErrors = z.strictObject({
  n: count,
  over: count.describe("Answers that the judge graded better than people did."),
  under: count,
});

const lengthBias = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("pairs"),
      n: count.describe("Pairs of unequal length for which people named a winner."),
      errorsToLonger: count,
      errorsToShorter: count,
      bias: kappaLike.describe("(errorsToLonger - errorsToShorter) / n."),
      p: p.describe("Exact two-sided p that both errors are alike."),
    }),
    z.strictObject({
      kind: z.literal("grades"),
      n: count.describe("Items whose answer is known."),
      medianCharacters: z.number().nonnegative(),
      longer: gradeErrors.describe("Answers longer than the median."),
      shorter: gradeErrors,
      p: p.describe("Fisher's exact two-sided p that errors of both halves lean alike."),
    }),
  ])
  .nullable()
  .describe("Whether the judge errs towards long answers; null where it cannot be told.");

/** How far a judge agrees with people, and what it may be used for. */
export const judgeCalibration = z.strictObject({
  judge: z.string(),
  judgeVersion: hash,
  kind: z
    .enum(["file", "imported"])
    .describe("Whether a judge file says what it is, or its verdicts were imported."),
  rubric: z.string().describe("Rubric of the labels."),
  metric: z.string().describe("Metric that the judge gives."),
  model: z.string().nullable().describe("Model that judges, as `provider/name`; null when unknown or none."),
  categories: z.array(z.string()).describe("In order."),
  isOrdered: z.boolean().describe("Whether a later category is better."),
  weights: z.enum(["none", "linear", "quadratic"]),
  choice: z
    .enum(["first", "combined"])
    .describe("combined: a verdict that flips between the orders is a tie."),
  onlyHoldout: z.boolean().describe("Whether only items of the holdout count."),
  floor: z.number().gt(0).max(1).describe("What the lower limit of kappa must reach."),
  minLabels: count,
  expiresDays: count,
  level: z.number().gt(0).lt(1).describe("Confidence level of the intervals."),
  verdict,
  reason: z.string().describe("One sentence: what decided."),
  at: timestamp,
  expiresAt: timestamp,
  counts: z.strictObject({
    labelled: count.describe("Items that people labelled."),
    judged: count.describe("Items that the judge was asked about."),
    withoutVerdict: count,
    withoutLabel: count,
    disputed: count.describe("Items left out: as many people say one thing as another."),
    byMajority: count.describe("Joined items on which people disagree, counted by what most say."),
    strangeLabels: count.describe("Items left out: their label is not among the categories."),
    nullVerdicts: z.record(z.string(), count).describe("Labelled items without a usable verdict, by reason."),
    clusters: count.describe(
      "Cases, or groups of cases, that the joined items belong to. Fewer than items: the interval of kappa holds that.",
    ),
    otherVersions: count.describe("Votes of other versions of the judge, left out."),
  }),
  accuracy: z
    .strictObject({ value: share, lower: share, upper: share })
    .describe("Share of items with the same label, with its Wilson interval."),
  agreement: agreement.describe("People (rows of `confusion`) against the judge (columns)."),
  marginals: z.array(z.strictObject({ category: z.string(), people: count, judge: count })),
  majority: z
    .strictObject({ category: z.string(), accuracy: z.number().min(0).max(1) })
    .nullable()
    .describe("What always giving people's commonest label would agree."),
  slices: z.array(
    z.strictObject({
      by: z.string(),
      slice: z.string(),
      n: count,
      accuracy: share,
      kappa: kappaLike.describe("null below 10 items, and where it is not defined."),
      lower: kappaLike,
      upper: kappaLike,
    }),
  ),
  order: z
    .strictObject({ agreement, position: raterAgreement.shape.groups.element.shape.positionBias })
    .nullable()
    .describe("The judge against itself with the answers swapped; null when it saw one order."),
  lengthBias,
  selfPreference: z
    .strictObject({
      family: z.string().describe("Of the judge's model."),
      ownError: z.number().nullable().describe("Mean of judged - truth on answers of its own family."),
      otherError: z.number().nullable(),
      difference: z.number().nullable().describe("Above 0 favours its own family."),
      lower: z.number().nullable(),
      upper: z.number().nullable(),
      own: count,
      other: count,
      method: z.enum(["tango-newcombe", "welch"]),
      reason: z.string().nullable().describe("Why there is no interval."),
    })
    .nullable()
    .describe("null when the family of the judge or the models of the answers are not known."),
  retest: z
    .strictObject({
      items: count.describe("Questions with a usable vote; each order is a question of its own."),
      repeated: count.describe("Questions with at least two."),
      unanimous: count.describe("Of these, those whose votes are all equal."),
      consistency: z
        .strictObject({ estimate: share, lower: share, upper: share })
        .describe("Share of unanimous questions with its Wilson interval."),
      pairwiseAgreement: share.describe("Mean share of pairs of votes that are equal."),
      fleissKappa: kappaLike,
      reason: z.string().nullable().describe("Why a figure is null."),
    })
    .nullable()
    .describe("The judge against itself when asked the same again; null when nothing was asked twice."),
  people: z
    .strictObject({
      authors: count,
      items: count.describe("Items that at least two people labelled."),
      alpha: z.number().max(1).nullable().describe("Krippendorff's alpha of all people."),
      pairs: z.array(
        z.strictObject({
          a: z.string(),
          b: z.string(),
          n: count,
          agreement: share,
          kappa: kappaLike,
          lower: kappaLike,
          upper: kappaLike,
        }),
      ),
    })
    .nullable()
    .describe("How far people agree: the ceiling of every judge; null when no item has two labels."),
  labelsNeeded: z
    .strictObject({
      more: count.nullable().describe("Labels on top of those there; null: see `reason`."),
      total: count.nullable(),
      reason: z.string().nullable(),
    })
    .describe("Labels that would bring the lower limit to the floor, if kappa stays what it is."),
  disagreements: z.array(
    z.strictObject({
      item: z.string(),
      truth: z.string(),
      judged: z.string(),
      distance: count.describe("Categories between the labels."),
      question: z.string().nullable(),
      answer: z.string().nullable(),
      otherAnswer: z.string().nullable(),
      people: z.array(
        z.strictObject({
          author: z.string(),
          value: z.string().nullable(),
          comment: z.string().nullable(),
        }),
      ),
      reasoning: z.string().describe("Of the judge."),
      isHidden: z.boolean().describe("Whether the texts are left out because the case is in the holdout."),
    }),
  ),
});

/** Judges with verdicts. */
export const judgeList = z.strictObject({
  judges: z.array(
    z.strictObject({
      judge: z.string(),
      rubric: z.string(),
      judgeVersion: hash.describe("That of the judge file, or the newest one imported."),
      kind: z.enum(["file", "imported"]),
      verdicts: count.describe("Votes of this version."),
      otherVersions: count.describe("Votes of other versions."),
      lastAt: timestamp.nullable().describe("Of the newest vote of this version."),
      state: z.enum(["calibrated", "expired", "advisory", "unusable", "never"]),
      calibration: z
        .strictObject({
          kappa: kappaLike,
          lower: kappaLike,
          upper: kappaLike,
          n: count,
          floor: z.number(),
          at: timestamp,
          expiresAt: timestamp,
          reason: z.string(),
        })
        .nullable()
        .describe("The newest of this version; null when it was never calibrated."),
    }),
  ),
});
