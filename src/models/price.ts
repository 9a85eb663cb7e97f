import type { AgentConfig } from "../config/agent-schema.js";
import type { TokenUsage } from "../core/message.js";

/**
 * US dollars of one call, or `null` when no price is known (missing, not free).
 *
 * @param model - the model that answered, as the provider names it
 */
export type Pricer = (usage: TokenUsage, model: string) => number | null;

type ExplicitPrice = NonNullable<AgentConfig["model"]["price"]>;

/** Prices by the numbers of the agent file. Cached input without a price of its own costs as plain input. */
export function explicitPricer(price: ExplicitPrice): Pricer {
  return (usage) => {
    const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens);
    const cachedPrice = price.cached_input_usd_per_mtok ?? price.input_usd_per_mtok;
    const inputUsd = (usage.inputTokens - cached) * price.input_usd_per_mtok + cached * cachedPrice;
    return (inputUsd + usage.outputTokens * price.output_usd_per_mtok) / 1e6;
  };
}

/**
 * Prices from the list in @pydantic/genai-prices, without network. A model that only resembles a listed one is
 * not priced by it, nor is an endpoint that the list does not know: an own server has another price.
 *
 * @param baseUrl - endpoint; its provider is found by this
 * @param configuredModel - looked up when the name in the reply is not listed
 * @param now - current time in milliseconds since the epoch: prices change by date
 */
export async function listPricer(
  baseUrl: string,
  configuredModel: string,
  now: () => number,
): Promise<Pricer> {
  // Imported late: the list takes about 50 ms to load, and replays, own prices and `--help` do not need it.
  const { calcPrice, findProvider } = await import("@pydantic/genai-prices");
  const provider = findProvider({ providerApiUrl: baseUrl });
  if (provider === undefined) return () => null;
  return (usage, model) => {
    const cacheWrite = usage.cacheWriteTokens ?? 0;
    const cacheRead = usage.cachedInputTokens ?? 0;
    if (cacheRead + cacheWrite > usage.inputTokens) return null;
    const tokens = {
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
      ...(cacheRead > 0 ? { cache_read_tokens: cacheRead } : {}),
      ...(cacheWrite > 0 ? { cache_write_tokens: cacheWrite } : {}),
    };
    for (const name of new Set([model, configuredModel])) {
      const price = calcPrice(tokens, name, { provider, timestamp: new Date(now()) });
      if (price !== null) return price.total_price;
    }
    return null;
  };
}

/** The pricer of an agent's model: its own price when it states one, else the list. */
export async function pricerFor(
  model: Pick<AgentConfig["model"], "price" | "name">,
  baseUrl: string,
  now: () => number,
): Promise<Pricer> {
  return model.price === undefined ? listPricer(baseUrl, model.name, now) : explicitPricer(model.price);
}
