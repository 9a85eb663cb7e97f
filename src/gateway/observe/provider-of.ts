/**
 * Hosts of model providers, by the end of their name, and the provider as OpenTelemetry names it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
 */
const PROVIDERS: readonly (readonly [string, string])[] = [
  ["api.openai.com", "openai"],
  ["api.anthropic.com", "anthropic"],
  ["openai.azure.com", "azure.ai.openai"],
  ["services.ai.azure.com", "azure.ai.inference"],
  ["generativelanguage.googleapis.com", "gcp.gemini"],
  ["aiplatform.googleapis.com", "gcp.vertex_ai"],
  ["api.cohere.com", "cohere"],
  ["api.deepseek.com", "deepseek"],
  ["api.groq.com", "groq"],
  ["api.mistral.ai", "mistral_ai"],
  ["api.perplexity.ai", "perplexity"],
  ["api.x.ai", "x_ai"],
];

/** @returns `null` for a host of no provider, such as a server of one's own: its API then tells the provider */
export function providerOf(host: string): string | null {
  // Of the many hosts of that name only these are a provider's; a load balancer is before somebody's own servers.
  if (/^bedrock(-[a-z]+)*\..*\.amazonaws\.com$/.test(host)) return "aws.bedrock";
  const known = PROVIDERS.find(([name]) => host === name || host.endsWith(`.${name}`));
  return known?.[1] ?? null;
}
