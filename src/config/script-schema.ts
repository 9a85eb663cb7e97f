import { z } from "zod";

const count = z.int().min(0);
const positive = z.int().positive();
const json = z.record(z.string(), z.json());

function pattern(what: string) {
  return z
    .string()
    .superRefine((text, context) => {
      try {
        new RegExp(text, "su");
      } catch (error) {
        // The reason alone: the pattern itself is in the file.
        const reason = error instanceof Error ? error.message.replace(/^.*: /s, "") : "unknown reason";
        context.addIssue({ code: "custom", message: `wants a regular expression: ${reason}` });
      }
    })
    .describe(`Regular expression that ${what} must match somewhere; case is ignored.`);
}

const whenSchema = z
  .strictObject({
    case: z.string().min(1).describe("Case id; `*` stands for any characters.").optional(),
    trial: count.describe("Number of the trial, from 0.").optional(),
    speaker: z.enum(["agent", "user", "helper"]).describe("Whose model is asked.").optional(),
    turn: count.describe("Number of the call of this speaker in the trial, from 0.").optional(),
    last_role: z
      .enum(["user", "tool", "system", "assistant"])
      .describe("Role of the last message.")
      .optional(),
    last_matches: pattern("the last message").optional(),
    context_matches: pattern("all messages together").optional(),
    system_matches: pattern("the system prompts").optional(),
    tool: z.string().min(1).describe("A tool that is offered.").optional(),
    wants_schema: z
      .boolean()
      .describe("Whether the reply is asked for as JSON that satisfies a schema.")
      .optional(),
  })
  .describe("When the rule answers: every key that is given must hold.");

const usageSchema = z
  .strictObject({
    input_tokens: count.describe("Tokens of the request."),
    output_tokens: count.describe("Tokens of the reply."),
    cached_input_tokens: count.describe("Part of the input that came from a cache.").optional(),
    cache_write_tokens: count.describe("Part of the input that was written to a cache.").optional(),
    reasoning_tokens: count.describe("Part of the output that was reasoning.").optional(),
  })
  .describe("Tokens that the reply says it used; unknown when left out.");

const replySchema = z
  .strictObject({
    text: z.string().describe("Text of the reply; `{{ match.1 }}` is a group of the pattern.").optional(),
    tool_calls: z
      .array(
        z.strictObject({
          name: z.string().min(1).describe("Name of the tool."),
          arguments: json.default({}).describe("Arguments; texts may hold `{{ match.1 }}`."),
        }),
      )
      .min(1)
      .describe("Tools that the reply calls.")
      .optional(),
    reasoning: z
      .strictObject({
        thought: z.string().describe("What the model says it thought."),
        confidence: z.number().min(0).max(1).nullable().default(null).describe("0 to 1."),
        alternatives: z.array(z.string()).default([]).describe("What else it considered."),
      })
      .describe("How the reply came about, as the model tells it.")
      .optional(),
    usage: usageSchema.optional(),
    finish_reason: z
      .enum(["stop", "tool_calls", "length", "content_filter"])
      .describe("Default: tool_calls when there are some, else stop.")
      .optional(),
    delay_ms: positive.max(600_000).describe("Time until the whole reply, in milliseconds.").optional(),
    first_token_ms: positive
      .max(600_000)
      .describe("Time until the first piece of text, in milliseconds; the rest comes at delay_ms.")
      .optional(),
  })
  .refine((reply) => reply.text !== undefined || reply.tool_calls !== undefined, {
    message: "wants `text`, `tool_calls` or both",
  })
  .refine((reply) => (reply.first_token_ms ?? 0) <= (reply.delay_ms ?? reply.first_token_ms ?? 0), {
    message: "wants `first_token_ms` not above `delay_ms`",
  })
  .describe("What the rule answers.");

const errorSchema = z
  .strictObject({
    status: z.int().min(400).max(599).describe("HTTP status that the call fails with."),
    code: z
      .enum([
        "PROVIDER_RATE_LIMITED",
        "PROVIDER_UNAVAILABLE",
        "PROVIDER_TIMEOUT",
        "PROVIDER_BAD_RESPONSE",
        "PROVIDER_REJECTED",
        "PROVIDER_AUTH",
      ])
      .describe("Error code; default: what the status means.")
      .optional(),
    retry_after_ms: count.describe("Wait that the provider asks for, in milliseconds.").optional(),
    delay_ms: positive.max(600_000).describe("Time until the failure, in milliseconds.").optional(),
    times: positive
      .describe("Calls at one position that fail before the rule no longer holds; default: all.")
      .optional(),
  })
  .describe("How the rule fails instead of answering.");

const ruleSchema = z
  .strictObject({ when: whenSchema.optional(), reply: replySchema.optional(), error: errorSchema.optional() })
  .refine((rule) => (rule.reply === undefined) !== (rule.error === undefined), {
    message: "wants exactly one of `reply` and `error`",
  });

/** A script: the replies of the provider `scripted`. */
export const scriptSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format: 1."),
  rules: z.array(ruleSchema).min(1).describe("The first rule that holds answers."),
});

/** A script, checked and with defaults; keys as the user writes them. */
export type Script = z.output<typeof scriptSchema>;
export type ScriptRule = Script["rules"][number];
export type ScriptReply = NonNullable<ScriptRule["reply"]>;
export type ScriptFailure = NonNullable<ScriptRule["error"]>;
