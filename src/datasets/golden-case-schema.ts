import { z } from "zod";

const phrase = z.string().min(1);
const phrases = z.array(phrase);
// Ids, tags and groups are printed to terminals and typed as flags: no control characters, no outer spaces.
const name = z
  .string()
  .regex(
    /^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$/u,
    "wants at least one character, no line breaks and no spaces around it",
  );

const argumentsSchema = z.record(z.string(), z.unknown()).refine(hasFiniteNumbers, {
  message: "holds a number too large for JSON readers; write it as a string",
});

const jsonSchema = z.record(z.string(), z.unknown()).refine(hasFiniteNumbers, {
  message: "holds a number too large for JSON readers",
});

const actionSchema = z.strictObject({
  name: phrase.describe("Name of the tool."),
  args: argumentsSchema.default({}).describe("Arguments by name, compared by value."),
});

const expectedToolCallSchema = actionSchema
  .extend({
    args_mode: z
      .enum(["exact", "subset", "any_of", "regex"])
      .nullish()
      .describe("How the arguments are compared. Default: exact."),
    tolerance: z.number().min(0).nullish().describe("Largest difference of equal numbers. Default: 0."),
    args_schema: jsonSchema.nullish().describe("JSON Schema that the arguments must satisfy."),
  })
  .superRefine(({ args, args_mode: mode }, context) => {
    for (const [name, value] of Object.entries(args)) {
      if (mode === "any_of" && !(Array.isArray(value) && value.length > 0)) {
        const message = "wants the list of acceptable values, because `args_mode` is any_of";
        context.addIssue({ code: "custom", path: ["args", name], message });
      }
      if (mode === "regex" && typeof value === "string" && !isPattern(value)) {
        const message = "wants a regular expression, because `args_mode` is regex";
        context.addIssue({ code: "custom", path: ["args", name], message });
      }
    }
  });

const offeredToolSchema = z.strictObject({
  name: phrase.describe("Name of the tool."),
  parameters: jsonSchema.default({}).describe("JSON Schema of the arguments."),
});

const messageSchema = z.strictObject({
  role: z.enum(["user", "assistant"]).describe("Who spoke."),
  content: z.string().describe("What was said."),
});

const conversationSchema = z
  .strictObject({
    messages: z
      .array(messageSchema)
      .min(1)
      .refine((messages) => messages.length === 0 || messages.at(-1)?.role === "user", {
        message: "wants a user message last",
      })
      .optional()
      .describe("A conversation so far; the agent answers its last message."),
    user: z
      .strictObject({
        goal: phrase.describe("What the user wants; a simulated user is told this."),
        script: z.array(z.string()).min(1).nullish().describe("What the user says, turn by turn."),
        persona: phrase.nullish().describe("How the user is and talks; a simulated user is told this."),
        max_turns: z
          .int()
          .positive()
          .nullish()
          .describe("Messages after which a simulated user leaves. Default: no limit."),
        end_marks: phrases
          .min(1)
          .nullish()
          .describe(
            "Texts by which a simulated user leaves. Default: ###STOP###, ###TRANSFER###, ###OUT-OF-SCOPE###.",
          ),
        tools: phrases
          .min(1)
          .nullish()
          .describe("Tools that the environment has for users and this simulated user may call."),
      })
      .optional()
      .describe("A user that goes on talking."),
  })
  .refine((input) => (input.messages === undefined) !== (input.user === undefined), {
    message: "wants exactly one of `messages` and `user`",
  })
  .meta({ oneOf: [{ required: ["messages"] }, { required: ["user"] }] });

// The range that trec_eval reads; larger ones overflow the gain 2^grade - 1.
const grade = z.int().min(-127).max(127);

const expectSchema = z.strictObject({
  sources: z
    .union([z.array(phrase), z.record(phrase, grade)])
    .nullish()
    .describe(
      "Ids of documents that the answer must rest on, or grades by document id: 1 or more is relevant, 0 judged and not relevant, below 0 unjudged.",
    ),
  must_include: phrases.nullish().describe("Phrases that the final answer must contain."),
  must_not_include: phrases.nullish().describe("Phrases that the final answer must not contain."),
  answer: z.string().nullish().describe("A reference answer."),
  tool_calls: z
    .array(expectedToolCallSchema)
    .nullish()
    .describe("Expected tool calls; an empty list allows none; left out, tool calls are not scored."),
  tool_calls_mode: z.enum(["exact", "subset", "ordered", "unordered"]).nullish().describe("Default: subset."),
  tools: z
    .array(offeredToolSchema)
    .nullish()
    .describe("Tools on offer: a call of another one, or with other arguments, is not valid."),
  state: z
    .strictObject({ actions: z.array(actionSchema).describe("Tool calls, in order.") })
    .nullish()
    .describe("The final state must equal the one that these actions produce on a fresh environment."),
  outputs: phrases.nullish().describe("Texts that must each occur in some reply to the user."),
  refusal: z.boolean().nullish().describe("Whether the agent must decline."),
  schema: jsonSchema.nullish().describe("JSON Schema that the final answer, as JSON, must satisfy."),
});

const metadata = {
  environment: phrase.nullish().describe("Environment that the case runs in; default: the agent's own."),
  risk: z.enum(["low", "medium", "high", "critical"]).nullish().describe("What a wrong answer would cost."),
  tags: z.array(name).nullish().describe("Words to select and slice by."),
  group: name.nullish().describe("Cluster for standard errors; default: the id."),
  split: z
    .enum(["dev", "test", "holdout"])
    .nullish()
    .describe("Default: dev. Holdout cases are evaluated, but their texts are never shown to an optimiser."),
  review: z
    .strictObject({
      status: z.enum(["approved", "rejected", "pending"]).describe("What the reviewer decided."),
      by: z.string().nullish().describe("Who reviewed the case."),
      at: z.string().nullish().describe("ISO 8601 date or time."),
    })
    .nullish()
    .describe("A human's review of the case."),
};

/** A case as a user writes it, in full. */
export const fullCaseSchema = z.strictObject({
  id: name.describe("Unique within the file."),
  input: z.union([phrase, conversationSchema]).describe("What the user says."),
  expect: expectSchema.nullish().describe("What a good answer looks like; what is left out is not scored."),
  ...metadata,
});

const oneOrMany = z.union([phrase, phrases]);

/** A case in the flat shape: a question, the document to find, phrases to include. */
export const flatCaseSchema = z.strictObject({
  id: name.nullish().describe("Default: case- and 12 hex digits of the question's SHA-256."),
  question: phrase.describe("What the user asks."),
  expected_source: oneOrMany
    .nullish()
    .describe("Id of the document that the answer must rest on, or a list."),
  must_include: oneOrMany.nullish().describe("A phrase that the final answer must contain, or a list."),
  must_not_include: oneOrMany.nullish().describe("A phrase that it must not contain, or a list."),
  answer: z.string().nullish().describe("A reference answer."),
  refusal: z.boolean().nullish().describe("Whether the agent must decline."),
  ...metadata,
});

/** One line of a golden set. */
export const goldenCaseSchema = z.union([fullCaseSchema, flatCaseSchema]);

export type FullCase = z.output<typeof fullCaseSchema>;
export type FlatCase = z.output<typeof flatCaseSchema>;

/** `JSON.parse` reads 1e999 as Infinity, which nothing downstream can write or hash. */
function hasFiniteNumbers(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value !== "object") return true;
  return Object.values(value).every(hasFiniteNumbers);
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}
