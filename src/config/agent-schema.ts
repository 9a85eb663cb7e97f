import { z } from "zod";

const positiveInt = z.int().positive();

/** Longest time that a timer of Node can wait; a longer one would fire at once. */
const MOST_MS = 2_147_483_647;
const milliseconds = z.int().positive().max(MOST_MS);

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
  temperature: z.number().min(0).max(2).optional().describe("Sampling temperature, 0 to 2."),
  top_p: z.number().gt(0).max(1).optional().describe("Nucleus sampling: share of probability, up to 1."),
  max_tokens: positiveInt.optional().describe("Largest length of one reply, in tokens."),
  stream: z.boolean().default(true).describe("Whether to stream the reply; deadlines hold either way."),
  timeout_ms: milliseconds.default(60_000).describe("Total time of one call, in milliseconds."),
  idle_timeout_ms: milliseconds
    .default(20_000)
    .describe("Longest silence within a streamed reply, in milliseconds."),
  max_retries: z.int().min(0).max(10).default(2).describe("Retries of a failed call that may succeed."),
  price: z
    .strictObject({
      input_usd_per_mtok: z.number().min(0).describe("Input tokens."),
      output_usd_per_mtok: z.number().min(0).describe("Output tokens."),
      cached_input_usd_per_mtok: z
        .number()
        .min(0)
        .optional()
        .describe("Input tokens read from the provider's cache; default: as other input."),
    })
    .optional()
    .describe("US dollars per million tokens; overrides the built-in price list."),
});

/** An agent file, `agents/*.yaml`. */
export const agentSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "wants lower-case letters, digits and hyphens")
    .describe("Name of the agent in runs and reports."),
  description: z.string().optional().describe("One sentence for readers of reports."),
  prompt: z
    .strictObject({
      version: z.string().describe("Version that traces name; the text itself is hashed as well."),
      file: z.string().optional().describe("Markdown file, relative to the agent file."),
      text: z.string().optional().describe("The prompt itself, instead of a file."),
    })
    .refine((prompt) => (prompt.file === undefined) !== (prompt.text === undefined), {
      message: "wants exactly one of `file` and `text`",
    })
    .describe("System prompt: a version, and exactly one of file and text."),
  model: modelSchema.describe("Model that answers for the agent."),
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
      top_k: positiveInt.default(5).describe("Chunks that one search returns."),
      chunk_words: positiveInt.default(120).describe("Largest size of a chunk, in words."),
    })
    .optional()
    .describe("Search over documents; none when left out."),
  limits: z
    .strictObject({
      max_steps: positiveInt.default(30).describe("Largest number of model calls of the agent in one trial."),
      timeout_ms: milliseconds.default(120_000).describe("Wall-clock time of one trial, in milliseconds."),
      budget_usd: z.number().positive().optional().describe("Largest cost of one trial, in US dollars."),
      tool_result_max_chars: positiveInt
        .default(20_000)
        .describe("Longer tool results are cut in the middle."),
    })
    .prefault({})
    .describe("Where a trial is stopped."),
});

/** An agent file, checked and with defaults; keys as the user writes them. */
export type AgentConfig = z.output<typeof agentSchema>;
