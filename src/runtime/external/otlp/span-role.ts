import { textAt } from "./read-attributes.js";
import type { Span } from "./span.js";

/** What a span is about. `agent`: it encloses the work of an agent, a sub-agent or a workflow. */
export type SpanRole = "model" | "tool" | "retrieval" | "agent" | "other";

const OPERATIONS: Readonly<Record<string, SpanRole>> = {
  chat: "model",
  text_completion: "model",
  generate_content: "model",
  execute_tool: "tool",
  retrieval: "retrieval",
  invoke_agent: "agent",
  create_agent: "other",
  invoke_workflow: "agent",
  embeddings: "other",
};

const OPENINFERENCE_KINDS: Readonly<Record<string, SpanRole>> = {
  LLM: "model",
  TOOL: "tool",
  RETRIEVER: "retrieval",
  AGENT: "agent",
  CHAIN: "agent",
};

const TRACELOOP_KINDS: Readonly<Record<string, SpanRole>> = {
  tool: "tool",
  agent: "agent",
  workflow: "agent",
  task: "agent",
};

/**
 * What a span is about, by the conventions of OpenTelemetry for generative AI first, then by those of the Vercel AI
 * SDK, OpenInference and OpenLLMetry (Traceloop), and by its attributes where it names no operation.
 */
export function roleOf({ attributes }: Span): SpanRole {
  const operation = OPERATIONS[textAt(attributes, "gen_ai.operation.name") ?? ""];
  if (operation !== undefined) return operation;
  const ofAiSdk = aiSdkRole(textAt(attributes, "ai.operationId"));
  if (ofAiSdk !== null) return ofAiSdk;
  const ofOpenInference = OPENINFERENCE_KINDS[textAt(attributes, "openinference.span.kind") ?? ""];
  if (ofOpenInference !== undefined) return ofOpenInference;
  if (/^(chat|completion)$/.test(textAt(attributes, "llm.request.type") ?? "")) return "model";
  const ofTraceloop = TRACELOOP_KINDS[textAt(attributes, "traceloop.span.kind") ?? ""];
  if (ofTraceloop !== undefined) return ofTraceloop;
  if (attributes.has("gen_ai.tool.name")) return "tool";
  const isCall = [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "gen_ai.response.finish_reasons",
  ];
  return attributes.has("gen_ai.request.model") && isCall.some((key) => attributes.has(key))
    ? "model"
    : "other";
}

function aiSdkRole(operation: string | null): SpanRole | null {
  if (operation === null) return null;
  if (operation === "ai.toolCall") return "tool";
  if (/^ai\.(generate|stream)(Text|Object)\.do(Generate|Stream)$/.test(operation)) return "model";
  return /^ai\.(generate|stream)(Text|Object)$/.test(operation) ? "agent" : "other";
}
