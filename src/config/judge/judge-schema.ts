import { z } from "zod";
import { modelSchema } from "../agent/model-schema.js";
import { positiveInt } from "../agent/quantities.js";

const category = z
  .union([z.string().min(1), z.number(), z.boolean()])
  .transform(String)
  .describe("Label, compared as text.");

const scaleSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("binary").describe("Two labels, one of them good."),
    fail: category.describe("Label of what does not satisfy the rubric."),
    pass: category.describe("Label of what does."),
  }),
  z.strictObject({
    kind: z.literal("ordinal").describe("Grades in an order."),
    levels: z
      .array(
        z.strictObject({
          value: z.number().describe("Grade."),
          anchor: z.string().min(1).describe("What earns this grade, in one or two sentences."),
        }),
      )
      .min(2)
      .max(11)
      .describe("Grades from the worst to the best."),
  }),
  z.strictObject({
    kind: z.literal("categorical").describe("Labels without an order."),
    categories: z
      .array(z.strictObject({ value: category, meaning: z.string().min(1).describe("What it stands for.") }))
      .min(2)
      .max(20)
      .describe("Labels without an order."),
    good: z.array(category).min(1).describe("Labels that count as success in the metric."),
  }),
  z.strictObject({
    kind: z.literal("pairwise").describe("Which of two answers is better."),
    tie: z.boolean().default(true).describe("Whether the judge may call it a tie."),
  }),
  z.strictObject({
    kind: z.literal("claims").describe("Each claim of the answer is judged by itself."),
    question: z
      .enum(["faithfulness", "answer_relevance", "correctness"])
      .describe("What is asked of each claim of the answer."),
  }),
]);

/** Texts of a trial that a judge or a reviewer may be shown. */
const READABLE = ["question", "conversation", "documents", "tools", "reference", "policy", "answer"] as const;

/** `judges/*.yaml`: a rubric, the scale of its labels, and who judges by it. */
export const judgeSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format."),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, "wants lower-case letters, digits and `_`")
    .describe("Name of the rubric and of the judge; its metric is `judge.<name>`."),
  description: z.string().optional().describe("One sentence for lists."),
  rubric: z
    .strictObject({
      version: z.string().min(1).describe("Your own version; the hash says what really changed."),
      text: z.string().min(1).describe("What is judged, and how; for people and judges alike."),
    })
    .describe("The question."),
  scale: scaleSchema.describe("What labels there are."),
  reads: z
    .array(z.enum(READABLE))
    .min(1)
    .default(["question", "answer"])
    .describe("What of a trial the judge is shown."),
  examples: z
    .array(
      z.strictObject({
        question: z.string().optional().describe("What the user asked."),
        documents: z.string().optional().describe("What the answer was to rest on."),
        reference: z.string().optional().describe("Right answer."),
        answer: z.string().min(1).describe("Answer that is judged; the first of a pair."),
        other_answer: z.string().optional().describe("Second answer of a pair."),
        value: category,
        reasoning: z.string().min(1).describe("Why it earns this label."),
      }),
    )
    .max(10)
    .default([])
    .describe("Judged examples that the judge is shown first."),
  model: modelSchema.optional().describe("Model that judges; this or `heuristic`."),
  heuristic: z
    .enum(["lexical_faithfulness", "lexical_helpfulness", "majority"])
    .optional()
    .describe("Deterministic judge without a model: a baseline that needs no key."),
  votes: positiveInt.max(15).default(1).describe("Votes on each item, in each order."),
  aggregation: z
    .enum(["majority", "median", "mean"])
    .default("majority")
    .describe("How votes become one verdict; `median` and `mean` need an ordinal scale."),
  both_orders: z
    .boolean()
    .default(true)
    .describe("Pairs: whether both orders are asked; a verdict that flips is a tie then."),
  synonyms: z
    .record(z.string(), category)
    .default({})
    .describe("Other words of the judge for a label. A word that is no label and not here gives no verdict."),
  calibration: z
    .strictObject({
      floor: z
        .number()
        .gt(0)
        .max(1)
        .default(0.7)
        .describe("What the lower limit of kappa must reach for the judge to gate."),
      weights: z
        .enum(["none", "linear", "quadratic"])
        .optional()
        .describe("Weights of kappa; default: quadratic for ordinal scales, else none."),
      min_labels: positiveInt.default(30).describe("Fewer labelled items never calibrate a judge."),
      expires_days: positiveInt.default(30).describe("Days that a calibration counts."),
    })
    .prefault({})
    .describe("What the judge must show on human labels."),
});

/** What a judge must show that no file describes: as one whose file does not say. */
export const CALIBRATION_DEFAULTS = judgeSchema.shape.calibration.parse(undefined);

export type JudgeConfig = z.output<typeof judgeSchema>;
export type JudgeScale = JudgeConfig["scale"];
