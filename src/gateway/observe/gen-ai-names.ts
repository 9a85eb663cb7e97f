/**
 * Attribute names of the OpenTelemetry semantic conventions for generative AI, from
 * `@opentelemetry/semantic-conventions` 1.45.0 (incubating, Apache-2.0). They stand here since incubating names may change
 * with any version of that package, and dashboards would follow.
 */
export const GEN_AI = {
  operationName: "gen_ai.operation.name",
  providerName: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  responseModel: "gen_ai.response.model",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  cacheWriteTokens: "gen_ai.usage.cache_creation.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  finishReasons: "gen_ai.response.finish_reasons",
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  conversationId: "gen_ai.conversation.id",
} as const;

/** Other attributes of a span of the gateway. */
export const SPAN = {
  serviceName: "service.name",
  statusCode: "http.response.status_code",
  errorType: "error.type",
  serverAddress: "server.address",
  serverPort: "server.port",
  arm: "agentctl.arm",
  release: "agentctl.release",
  route: "agentctl.route",
  tenant: "agentctl.tenant",
  costUsd: "agentctl.cost_usd",
  streamed: "agentctl.streamed",
  failure: "agentctl.failure",
} as const;
