import type { TokenUsage } from "../../core/message.js";
import { isObject } from "./request-facts.js";

type Counts = { readonly [key: string]: unknown };

/**
 * Token counts as OpenAI's chat, completions, embeddings and responses and as Anthropic's messages say them; `null` when
 * they make no sense. Anthropic counts cached input beside `input_tokens`; ours includes it.
 */
export function usageFrom(value: unknown): TokenUsage | null {
  if (!isObject(value)) return null;
  if (value.prompt_tokens !== undefined) {
    const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = value;
    // Embeddings have no output.
    return counted(
      value,
      input,
      output ?? (total === input ? 0 : undefined),
      "prompt_tokens",
      "completion_tokens",
    );
  }
  const { input_tokens: input, output_tokens: output } = value;
  const read = count(value.cache_read_input_tokens);
  const written = count(value.cache_creation_input_tokens);
  if (read === undefined && written === undefined) {
    return counted(value, input, output, "input_tokens", "output_tokens");
  }
  const plain = count(input);
  const usage = counted(
    value,
    plain === undefined ? plain : plain + (read ?? 0) + (written ?? 0),
    output,
    "",
    "",
  );
  if (usage === null) return null;
  return {
    ...usage,
    ...(read === undefined ? {} : { cachedInputTokens: read }),
    ...(written === undefined ? {} : { cacheWriteTokens: written }),
  };
}

function counted(
  usage: Counts,
  input: unknown,
  output: unknown,
  inputKey: string,
  outputKey: string,
): TokenUsage | null {
  const inputTokens = count(input);
  const outputTokens = count(output);
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const cached = detail(usage[`${inputKey}_details`], "cached_tokens");
  const reasoning =
    detail(usage[`${outputKey}_details`], "reasoning_tokens") ??
    detail(usage.output_tokens_details, "thinking_tokens");
  return {
    inputTokens,
    outputTokens,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}

function detail(details: unknown, key: string): number | undefined {
  return isObject(details) ? count(details[key]) : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
