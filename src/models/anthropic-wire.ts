import { z } from "zod";
import type { TokenUsage } from "../core/message.js";

const tokens = z.int().min(0);

/** Usage that makes no sense counts as not said. */
const usageSchema = z
  .object({
    input_tokens: tokens.nullish(),
    output_tokens: tokens.nullish(),
    cache_read_input_tokens: tokens.nullish(),
    cache_creation_input_tokens: tokens.nullish(),
    output_tokens_details: z.object({ thinking_tokens: tokens.nullish() }).nullish(),
  })
  .nullish()
  .catch(null);

const blockSchema = z.object({
  type: z.string(),
  text: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
});

/** What we read of a whole message. */
export const messageSchema = z.object({
  model: z.string().nullish(),
  content: z.array(blockSchema),
  stop_reason: z.string().nullish(),
  usage: usageSchema,
});

/** What we read of one event of a streamed message. */
const knownEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("message_start"),
    message: z.object({ model: z.string().nullish(), usage: usageSchema }),
  }),
  z.object({ type: z.literal("content_block_start"), index: z.int(), content_block: blockSchema }),
  z.object({
    type: z.literal("content_block_delta"),
    index: z.int(),
    delta: z.object({ type: z.string(), text: z.string().optional(), partial_json: z.string().optional() }),
  }),
  z.object({
    type: z.literal("message_delta"),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage: usageSchema,
  }),
  z.object({ type: z.literal("message_stop") }),
  z.object({ type: z.literal("content_block_stop") }),
]);

const KNOWN_EVENTS: ReadonlySet<string> = new Set(
  knownEventSchema.options.flatMap((option) => [...option.shape.type.values]),
);

/** The API may add event types at any time: one that we do not know is passed over, whatever it holds. */
export const eventSchema = z.union([
  knownEventSchema,
  z.object({
    type: z
      .string()
      .refine((type) => !KNOWN_EVENTS.has(type))
      .transform(() => "other" as const),
  }),
]);

export type Usage = z.output<typeof usageSchema>;
export type Block = z.output<typeof blockSchema>;

/** Counts of `message_delta` are cumulative, and only those present replace what `message_start` said. */
export function mergeUsage(first: Usage, second: Usage): Usage {
  if (!first || !second) return second ?? first;
  const stated = Object.entries(second).filter(([, count]) => count !== null && count !== undefined);
  return { ...first, ...Object.fromEntries(stated) };
}

/** The API counts cached input beside `input_tokens`; ours includes it. */
export function usageOf(usage: Usage): TokenUsage | null {
  if (typeof usage?.input_tokens !== "number" || typeof usage.output_tokens !== "number") return null;
  const cached = usage.cache_read_input_tokens ?? 0;
  const written = usage.cache_creation_input_tokens ?? 0;
  const thinking = usage.output_tokens_details?.thinking_tokens;
  return {
    inputTokens: usage.input_tokens + cached + written,
    outputTokens: usage.output_tokens,
    ...(typeof usage.cache_read_input_tokens === "number" ? { cachedInputTokens: cached } : {}),
    ...(typeof usage.cache_creation_input_tokens === "number" ? { cacheWriteTokens: written } : {}),
    ...(typeof thinking === "number" ? { reasoningTokens: thinking } : {}),
  };
}
