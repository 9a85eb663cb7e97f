import type { TokenUsage } from "../../core/message.js";

const BYTES_PER_TOKEN = 4;

/**
 * Tokens that count against the limits of a key. Where the arm did not say how many there were, such as in a stream that was
 * not asked for its usage, they are estimated: a limit must not be passed by not asking.
 *
 * @param pieces - pieces of the answer, about one for each token
 */
export function tokensFor(usage: TokenUsage | null, body: Buffer | null, pieces: number): number {
  if (usage !== null) return usage.inputTokens + usage.outputTokens;
  return pieces === 0 ? 0 : pieces + Math.ceil((body?.length ?? 0) / BYTES_PER_TOKEN);
}
