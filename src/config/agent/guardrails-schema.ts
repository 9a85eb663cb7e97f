import { z } from "zod";
import { positiveInt } from "./quantities.js";

const share = z.number().min(0).max(1);

/** Where a score leads to: nothing below `flag`, the action itself from `act` on. */
const injectionThresholds = z
  .strictObject({
    flag: share.default(0.4).describe("Scores from here on are noted."),
    block: share.default(0.75).describe("Scores from here on are not answered."),
  })
  .refine(({ flag, block }) => flag <= block, { message: "wants `flag` not above `block`" });

const regularExpression = z.string().min(1).refine(compiles, { message: "wants a regular expression" });

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, "iu");
    return true;
  } catch {
    return false;
  }
}

const textAction = z.enum(["off", "flag", "redact"]);

const piiKind = z.enum(["e-mail address", "IBAN", "card number", "social security number", "phone number"]);

const inputSchema = z.strictObject({
  injection: z
    .union([z.literal(false), injectionThresholds])
    .prefault({})
    .describe("Thresholds of the injection classifier; false switches it off."),
  secrets: z
    .enum(["off", "flag", "redact", "block"])
    .default("redact")
    .describe("What is done about keys, tokens and passwords in the user's message."),
  pii: textAction.default("flag").describe("What is done about personal data in the user's message."),
  pii_kinds: z
    .array(piiKind)
    .min(1)
    .default(["card number", "social security number", "IBAN"])
    .describe("Which personal data."),
  max_chars: positiveInt.default(20_000).describe("Longer messages are not answered."),
  reply: z.string().min(1).optional().describe("Said instead of an answer to a blocked message."),
});

const dataSchema = z
  .strictObject({
    flag: share.default(0.45).describe("Sentences scored from here on are noted."),
    quarantine: share.default(0.6).describe("Sentences scored from here on are quarantined."),
    mode: z
      .enum(["remove", "fence"])
      .default("remove")
      .describe("`remove`: a note stands in place of the sentence. `fence`: it stays, marked as data."),
  })
  .refine(({ flag, quarantine }) => flag <= quarantine, { message: "wants `flag` not above `quarantine`" });

const toolSchema = z.strictObject({
  instructions: z
    .union([z.literal(false), dataSchema])
    .prefault({})
    .describe("Instructions found inside tool results."),
  arguments: z
    .enum(["off", "flag", "block"])
    .default("block")
    .describe("Calls with a side effect whose arguments carry secrets or the system prompt."),
});

const amount = z
  .strictObject({
    unit: z.enum(["percent", "usd"]).describe("What the number counts."),
    max: z.number().optional().describe("Largest number that may be offered."),
    min: z.number().optional().describe("Smallest number that may be offered."),
    near: regularExpression.describe("Regular expression that the same clause must match, case ignored."),
  })
  .refine(({ max, min }) => max !== undefined || min !== undefined, { message: "wants `max` or `min`" });

const policyRule = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, "wants lower-case letters, digits and hyphens")
      .describe("The rule is reported as output.<name>."),
    pattern: regularExpression.optional().describe("Regular expression over a sentence, case ignored."),
    amount: amount.optional().describe("Numbers that may not be offered."),
    action: z.enum(["flag", "block"]).default("block").describe("What is done about a reply that breaks it."),
    reply: z.string().min(1).optional().describe("Said instead of a reply that this rule blocked."),
  })
  .refine(({ pattern, amount: numbers }) => (pattern === undefined) !== (numbers === undefined), {
    message: "wants exactly one of `pattern` and `amount`",
  });

const outputSchema = z.strictObject({
  secrets: textAction.default("redact").describe("Keys, tokens and passwords in a reply."),
  pii: textAction
    .default("redact")
    .describe("Personal data in a reply that came neither from the user nor from a document or tool."),
  prompt_leak: z
    .enum(["off", "flag", "block"])
    .default("block")
    .describe("Replies that repeat the system prompt, also encoded."),
  promises: z
    .enum(["off", "flag", "block"])
    .default("block")
    .describe("Claims of something done that no tool call of this conversation did."),
  rules: z
    .array(policyRule)
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, {
      message: "wants rules with different names",
    })
    .default([])
    .describe("Policy rules of the project."),
  reply: z.string().min(1).optional().describe("Said instead of a blocked reply."),
});

/** `guardrails` block of an agent file: each layer true, false or options. */
export const guardrailsSchema = z.strictObject({
  input: z.union([z.boolean(), inputSchema]).default(true).describe("Checks of what the user says."),
  retrieval: z.union([z.boolean(), dataSchema]).default(true).describe("Instructions found in documents."),
  tool: z
    .union([z.boolean(), toolSchema])
    .default(true)
    .describe("Tool results and arguments of tool calls."),
  output: z.union([z.boolean(), outputSchema]).default(true).describe("Checks of what the agent says."),
});

type GuardrailsConfig = z.output<typeof guardrailsSchema>;

export type InputGuardConfig = z.output<typeof inputSchema>;
export type DataGuardConfig = z.output<typeof dataSchema>;
export type ToolGuardConfig = z.output<typeof toolSchema>;
export type OutputGuardConfig = z.output<typeof outputSchema>;
export type PolicyRule = z.output<typeof policyRule>;

/** The layers that are on, with all options; `null` for those that are off. */
export interface GuardrailLayers {
  readonly input: InputGuardConfig | null;
  readonly retrieval: DataGuardConfig | null;
  readonly tool: ToolGuardConfig | null;
  readonly output: OutputGuardConfig | null;
}

/** Fills in what `true` stands for. */
export function guardrailLayers(config: GuardrailsConfig): GuardrailLayers {
  return {
    input: layer(config.input, inputSchema),
    retrieval: layer(config.retrieval, dataSchema),
    tool: layer(config.tool, toolSchema),
    output: layer(config.output, outputSchema),
  };
}

function layer<T>(value: boolean | T, schema: { parse(input: unknown): T }): T | null {
  if (value === false) return null;
  return value === true ? schema.parse({}) : value;
}
