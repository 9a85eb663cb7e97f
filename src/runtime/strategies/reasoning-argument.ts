import type { Json } from "../../core/hash.js";
import type { JsonSchema, ModelReply, Reasoning, ToolCall, ToolSpec } from "../../core/message.js";

const SCHEMA: JsonSchema = {
  type: "object",
  description: "Why this call is made. It is not passed to the tool.",
  properties: {
    thought: { type: "string", description: "One or two sentences." },
    confidence: {
      type: "number",
      minimum: 0,
      maximum: 1,
      description: "How sure you are that this call, with these arguments, is what the user wants: 0 to 1.",
    },
    alternatives: {
      type: "array",
      items: { type: "string" },
      description: "What else could have been done; empty when there was nothing.",
    },
  },
  required: ["thought", "confidence", "alternatives"],
  additionalProperties: false,
};

type Properties = { readonly [name: string]: Json };

/** A tool that asks, beside its arguments, for the reasoning behind each call. */
export function withReasoning(spec: ToolSpec): ToolSpec {
  const key = reasoningKey(spec);
  const { properties, required } = spec.parameters;
  return {
    ...spec,
    parameters: {
      ...spec.parameters,
      type: "object",
      properties: { [key]: SCHEMA, ...asProperties(properties) },
      required: [...(Array.isArray(required) ? required : []), key],
    },
  };
}

/** A tool call as the tool gets it, and the reasoning that came with it. */
export interface ReasonedCall {
  readonly call: ToolCall;
  readonly reasoning: Reasoning | null;
}

/** Takes the reasoning out of the calls of a reply; calls of unknown tools stay as they are. */
export function separateReasoning(reply: ModelReply, specs: readonly ToolSpec[]): readonly ReasonedCall[] {
  return reply.toolCalls.map((call) => {
    const spec = specs.find(({ name }) => name === call.name);
    const key = spec === undefined ? null : reasoningKey(spec);
    if (key === null || !(key in call.arguments)) return { call, reasoning: null };
    const { [key]: said, ...args } = call.arguments;
    return { call: { ...call, arguments: args }, reasoning: readReasoning(said ?? null) };
  });
}

/** A tool may have an argument `reasoning` of its own: it is not ours to take. */
function reasoningKey({ parameters }: ToolSpec): string {
  const taken = asProperties(parameters.properties);
  return "reasoning" in taken ? "reasoning_of_call" : "reasoning";
}

function readReasoning(said: Json): Reasoning | null {
  if (typeof said === "string") return { thought: said, confidence: null, alternatives: [] };
  const { thought, confidence, alternatives } = asProperties(said);
  if (thought === undefined && confidence === undefined) return null;
  return {
    thought: typeof thought === "string" ? thought : "",
    confidence: typeof confidence === "number" && confidence >= 0 && confidence <= 1 ? confidence : null,
    alternatives: Array.isArray(alternatives)
      ? alternatives.filter((one): one is string => typeof one === "string")
      : [],
  };
}

function asProperties(value: Json | undefined): Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}
