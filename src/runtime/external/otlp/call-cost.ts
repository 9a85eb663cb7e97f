import type { TokenUsage } from "../../../core/message.js";
import type { Pricer } from "../../../models/price.js";
import { listPricer } from "../../../models/price.js";
import { amountAt, textAt } from "./read-attributes.js";
import type { Attributes } from "./span.js";

/** API addresses of providers by their names in spans; the price list goes by address. */
const ADDRESSES: readonly (readonly [pattern: RegExp, address: string])[] = [
  [/^openai\b/, "https://api.openai.com"],
  [/^(azure|az)\.ai\.openai$/, "https://agentctl.openai.azure.com"],
  [/^anthropic\b/, "https://api.anthropic.com"],
  [/^(gcp\.|google\b|vertex|gemini)/, "https://generativelanguage.googleapis.com"],
  [/^(aws\.bedrock|amazon)/, "https://bedrock-runtime.us-east-1.amazonaws.com"],
  [/^mistral/, "https://api.mistral.ai"],
  [/^groq\b/, "https://api.groq.com"],
  [/^deepseek\b/, "https://api.deepseek.com"],
  [/^x_?ai\b/, "https://api.x.ai"],
  [/^cohere\b/, "https://api.cohere.com"],
  [/^perplexity\b/, "https://api.perplexity.ai"],
];

/** US dollars of the calls that spans tell of. Prices are looked up once for each address and model. */
export class SpanPrices {
  private readonly pricers = new Map<string, Promise<Pricer>>();

  /** @param now - milliseconds since the Unix epoch */
  constructor(private readonly now: () => number) {}

  /**
   * What one call cost: as the span says itself, else by the price list.
   *
   * @returns `null` when the span names no provider, model or usage that the list knows, or another server than the
   *   provider's own: missing, not free
   */
  async costOf(
    attributes: Attributes,
    usage: TokenUsage | null,
    model: string | null,
  ): Promise<number | null> {
    const stated = amountAt(attributes, "gen_ai.usage.cost", "llm.cost.total");
    if (stated !== null) return stated;
    const address = addressOf(attributes);
    if (usage === null || model === null || address === null) return null;
    const requested = textAt(attributes, "gen_ai.request.model") ?? model;
    const key = `${address} ${requested}`;
    const pricer = this.pricers.get(key) ?? listPricer(address, requested, this.now);
    this.pricers.set(key, pricer);
    return (await pricer)(usage, model);
  }
}

/** Where a call went: as a client of one provider often talks to the server of another, the server counts first. */
function addressOf(attributes: Attributes): string | null {
  const server = textAt(attributes, "server.address");
  if (server !== null) return `https://${server.replace(/^https?:\/\//, "")}`;
  const provider = textAt(attributes, "gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system");
  return ADDRESSES.find(([pattern]) => pattern.test(provider?.toLowerCase() ?? ""))?.[1] ?? null;
}
