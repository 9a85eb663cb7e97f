import { z } from "zod";
import { positiveInt } from "./quantities.js";

const proportion = z.number().min(0).max(1);

const common = {
  reasoning: z
    .boolean()
    .optional()
    .describe("Record thought, confidence and alternatives of each action; default: false for react."),
  confidence_threshold: proportion
    .optional()
    .describe(
      "An action with a side effect of which the model is less sure is not carried out: the conversation goes to a person. An action without a stated confidence counts as below. Turns reasoning on.",
    ),
  handover: z
    .string()
    .min(1)
    .optional()
    .describe("What the user is told when the conversation goes to a person."),
};

const plan = {
  max_replans: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe("New plans in one turn after a step failed, at most."),
  max_plan_steps: positiveInt.max(100).default(20).describe("Steps of one plan, at most."),
};

const tree = {
  branches: z.int().min(2).max(8).default(3).describe("Candidates that the model is asked for."),
  quality_margin: proportion
    .default(0.1)
    .describe("Of the candidates whose score is within this margin of the best, the safest is chosen."),
};

const router = z
  .strictObject({
    ambiguity: proportion
      .default(0.5)
      .describe("From this ambiguity on, a request with stakes goes to `tree`."),
    stakes: proportion.default(0.5).describe("From these stakes on, a wrong action would hurt."),
    confidence: proportion
      .default(0.4)
      .describe("Below this confidence, a request with stakes goes to `tree`."),
    intents: z
      .int()
      .min(2)
      .default(2)
      .describe("From so many things asked for on, a request goes to `plan`."),
    assess: z
      .boolean()
      .default(false)
      .describe("Ask the model as well; the worse of its figures and those of the rules counts."),
  })
  .prefault({})
  .describe("When `auto` takes which strategy.");

const kinds = ["react", "plan", "tree", "auto"] as const;

const strategyObject = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("react").describe("Think, act, observe, until there is an answer."),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("plan").describe("Plan once, carry out as a graph."),
    ...common,
    ...plan,
  }),
  z.strictObject({
    kind: z.literal("tree").describe("Compare candidates, take the safest."),
    ...common,
    ...tree,
  }),
  z.strictObject({
    kind: z.literal("auto").describe("Choose one of the others for each turn."),
    ...common,
    ...plan,
    ...tree,
    router,
  }),
]);

/** `strategy` key of an agent file: a name, or a block with `kind`. A name is the block with the defaults. */
export const strategySchema = z
  .union([z.enum(kinds), strategyObject])
  .refine(
    (value) =>
      typeof value === "string" || value.confidence_threshold === undefined || value.reasoning !== false,
    { path: ["reasoning"], message: "wants true, or nothing, where `confidence_threshold` is set" },
  )
  .describe("How the agent gets from what the user said to an answer; default: react.");

/** A strategy with all its settings, keys as the user writes them. */
export type StrategyBlock = z.output<typeof strategyObject>;

/** The block that a `strategy` key stands for; that of an agent file without one is plain `react`. */
export function strategyBlock(value: z.output<typeof strategySchema> = "react"): StrategyBlock {
  return typeof value === "string" ? strategyObject.parse({ kind: value }) : value;
}
