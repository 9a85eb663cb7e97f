import { z } from "zod";

const positiveInt = z.int().positive();

/** `model` block of an agent file. */
export const modelSchema = z.strictObject({
  provider: z.string().describe("Registry name of the provider: embedded, openai, anthropic or replay."),
  name: z.string().describe("Model name, as the provider knows it."),
  base_url: z.url().optional().describe("Base URL of an OpenAI- or Anthropic-compatible endpoint."),
  api_key_env: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, "wants the name of a variable such as OPENAI_API_KEY, never the key itself")
    .optional()
    .describe("Environment variable that holds the key."),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  max_tokens: positiveInt.optional(),
  stream: z.boolean().default(true).describe("Whether to stream the reply; deadlines hold either way."),
  timeout_ms: positiveInt.default(60_000).describe("Total time of one call, in milliseconds."),
  idle_timeout_ms: positiveInt
    .default(20_000)
    .describe("Longest silence within a streamed reply, in milliseconds."),
  max_retries: z.int().min(0).max(10).default(2).describe("Retries of a failed call that may succeed."),
  price: z
    .strictObject({
      input_usd_per_mtok: z.number().min(0),
      output_usd_per_mtok: z.number().min(0),
      cached_input_usd_per_mtok: z.number().min(0).optional(),
    })
    .optional()
    .describe("US dollars per million tokens; overrides the built-in price list."),
});

export const agentSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "wants lower-case letters, digits and hyphens"),
  description: z.string().optional(),
  prompt: z
    .strictObject({
      version: z.string(),
      file: z.string().optional().describe("Markdown file, relative to the agent file."),
      text: z.string().optional(),
    })
    .refine((prompt) => (prompt.file === undefined) !== (prompt.text === undefined), {
      message: "wants exactly one of `file` and `text`",
    }),
  model: modelSchema,
  environment: z
    .string()
    .optional()
    .describe("Environment that supplies the tools, e.g. orders or tau-airline."),
  tools: z
    .array(z.string())
    .optional()
    .describe("Tools of the environment to offer; all of them when left out."),
  retrieval: z
    .strictObject({
      documents: z.string().describe("Folder of Markdown documents, relative to the agent file."),
      top_k: positiveInt.default(5),
      chunk_words: positiveInt.default(120).describe("Largest size of a chunk, in words."),
    })
    .optional(),
  limits: z
    .strictObject({
      max_steps: positiveInt.default(30).describe("Largest number of model calls of the agent in one trial."),
      timeout_ms: positiveInt.default(120_000).describe("Wall-clock time of one trial, in milliseconds."),
      budget_usd: z.number().positive().optional().describe("Largest cost of one trial, in US dollars."),
      tool_result_max_chars: positiveInt
        .default(20_000)
        .describe("Longer tool results are cut in the middle."),
    })
    .prefault({}),
});

/** An agent file, checked and with defaults; keys as the user writes them. */
export type AgentConfig = z.output<typeof agentSchema>;
