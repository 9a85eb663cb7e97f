import { z } from "zod";
import type { TokenUsage } from "../core/message.js";

const tokens = z.int().min(0);

/** Usage that makes no sense counts as not said. */
const usageSchema = z
  .object({
    prompt_tokens: tokens,
    completion_tokens: tokens,
    prompt_tokens_details: z.object({ cached_tokens: tokens.nullish() }).nullish(),
    completion_tokens_details: z.object({ reasoning_tokens: tokens.nullish() }).nullish(),
  })
  .nullish()
  .catch(null);

const messageShape = {
  content: z.string().nullish(),
  refusal: z.string().nullish(),
};

/** What we read of a whole chat completion. */
export const completionSchema = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          ...messageShape,
          tool_calls: z
            .array(
              z.object({
                id: z.string().nullish(),
                function: z.object({ name: z.string(), arguments: z.string().nullish() }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
  usage: usageSchema,
});

/** What we read of one chunk of a streamed chat completion. */
export const chunkSchema = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        index: z.int().nullish(),
        finish_reason: z.string().nullish(),
        delta: z
          .object({
            ...messageShape,
            tool_calls: z
              .array(
                z.object({
                  index: z.int().nullish(),
                  id: z.string().nullish(),
                  function: z
                    .object({ name: z.string().nullish(), arguments: z.string().nullish() })
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  usage: usageSchema,
});

export type Completion = z.output<typeof completionSchema>;
export type Chunk = z.output<typeof chunkSchema>;

/** Usage in our words; `null` when the server did not say. */
export function usageOf(usage: z.output<typeof usageSchema>): TokenUsage | null {
  if (!usage) return null;
  const cached = usage.prompt_tokens_details?.cached_tokens;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens;
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    ...(typeof cached === "number" ? { cachedInputTokens: cached } : {}),
    ...(typeof reasoning === "number" ? { reasoningTokens: reasoning } : {}),
  };
}
