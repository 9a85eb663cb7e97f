import { z } from "zod";
import { milliseconds, positiveInt } from "./quantities.js";

/** `model` block of an agent file. */
export const modelSchema = z.strictObject({
  provider: z
    .string()
    .describe("Registry name of the provider: embedded, openai, anthropic, replay or scripted."),
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
