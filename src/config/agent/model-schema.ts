import { z } from "zod";
import { milliseconds, positiveInt } from "./quantities.js";

/** One endpoint that answers; `model` is one, and so is each of its fallbacks. */
const endpointSchema = z.strictObject({
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
  retry: z
    .strictObject({
      base_delay_ms: milliseconds
        .default(500)
        .describe("Upper end of the first wait, in milliseconds; doubles with each retry."),
      max_delay_ms: milliseconds.default(30_000).describe("Longest wait of our own, in milliseconds."),
      max_retry_after_ms: milliseconds
        .default(60_000)
        .describe("Longest wait that a provider may ask for, in milliseconds."),
    })
    .refine((retry) => retry.base_delay_ms <= retry.max_delay_ms, {
      message: "wants `base_delay_ms` not above `max_delay_ms`",
    })
    .optional()
    .describe("How long to wait before a retry."),
  breaker: z
    .strictObject({
      failure_rate: z
        .number()
        .gt(0)
        .max(1)
        .default(0.5)
        .describe("Share of failed calls that opens the breaker, up to 1."),
      min_calls: positiveInt.default(5).describe("Calls in the window below which it stays closed."),
      window_ms: milliseconds.default(30_000).describe("Time over which calls are counted, in milliseconds."),
      open_ms: milliseconds.default(15_000).describe("Time until one call may try again, in milliseconds."),
    })
    .optional()
    .describe("Stops calling an endpoint that keeps failing; none when left out."),
  limits: z
    .strictObject({
      requests_per_minute: positiveInt.optional().describe("Most calls in any minute."),
      tokens_per_minute: positiveInt.optional().describe("Most tokens in any minute, input and output."),
      max_concurrent: positiveInt.optional().describe("Most calls of the endpoint at once."),
    })
    .refine((limits) => Object.values(limits).some((limit) => limit !== undefined), {
      message: "wants at least one of `requests_per_minute`, `tokens_per_minute` and `max_concurrent`",
    })
    .optional()
    .describe("What the endpoint may be asked by this process; no limit when left out."),
  hedge: z
    .strictObject({
      after_ms: milliseconds.describe(
        "Silence after which the same is asked a second time, in milliseconds.",
      ),
    })
    .optional()
    .describe("Asks a silent model a second time and takes the first answer; off when left out."),
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

/** `model` block of an agent file. */
export const modelSchema = z.strictObject({
  ...endpointSchema.shape,
  output: z
    .strictObject({
      schema: z
        .record(z.string(), z.json())
        .describe("JSON Schema that the text of a final reply must satisfy."),
      repair: z.boolean().default(true).describe("Whether a wrong reply is asked for once more."),
    })
    .optional()
    .describe("Structured output; plain text when left out."),
  fallbacks: z
    .array(endpointSchema)
    .min(1)
    .max(5)
    .optional()
    .describe("Models to ask, in this order, when this one does not answer."),
});
