import { boundedJson } from "../core/bounded-json.js";
import { ProviderError } from "../core/errors.js";
import type { Json } from "../core/hash.js";
import type { JsonSchema, Message, ModelReply, ToolSpec } from "../core/message.js";
import { checkAgainstSchema } from "../metrics/generation/json-schema-checker.js";

/** What is asked; `responseSchema` is added to it. */
interface StructuredRequest {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
}

/** Makes one call of a model, e.g. a `ModelCaller`. */
type StructuredCall = (
  request: StructuredRequest & { readonly responseSchema: JsonSchema },
) => Promise<ModelReply>;

interface StructuredOptions {
  /** Whether a wrong reply is asked for a second time; default true. */
  readonly repair?: boolean;
  /** Told what was wrong with a reply, before it is asked for again or the error is raised. */
  readonly onInvalid?: (fault: string) => void;
}

/** A reply that satisfies its schema. */
interface StructuredReply {
  readonly value: Json;
  /** The reply that holds the value. */
  readonly reply: ModelReply;
  /** Whether the first reply was wrong. */
  readonly isRepaired: boolean;
}

/**
 * Asks a model for JSON that satisfies a schema; no tools are offered. A reply that does not is asked for once more, with what was wrong
 * with it.
 *
 * @throws {ProviderError} PROVIDER_BAD_RESPONSE when the last reply does not satisfy the schema, or the schema itself
 * cannot be used; otherwise what `call` throws
 */
export async function completeStructured(
  call: StructuredCall,
  request: StructuredRequest,
  schema: JsonSchema,
  options: StructuredOptions = {},
): Promise<StructuredReply> {
  let isRepaired = false;
  const onInvalid = (fault: string) => {
    isRepaired = true;
    options.onInvalid?.(fault);
  };
  const reply = await structuredReply(call, { ...request, tools: [] }, schema, { ...options, onInvalid });
  const found = structuredValue(reply, schema);
  if ("fault" in found) throw unsatisfied(found.fault);
  return { value: found.value, reply, isRepaired };
}

/**
 * As {@link completeStructured}, for an agent that has tools: a reply that calls some is passed on as it is, and only
 * a final text must satisfy the schema.
 */
export async function structuredReply(
  call: StructuredCall,
  request: StructuredRequest,
  schema: JsonSchema,
  options: StructuredOptions = {},
): Promise<ModelReply> {
  const first = await call({ ...request, responseSchema: schema });
  const fault = faultOf(first, schema);
  if (fault === null) return first;
  options.onInvalid?.(fault);
  if (options.repair === false) throw unsatisfied(fault);
  const messages = [...request.messages, ...repairMessages(first, fault, schema)];
  const second = await call({ ...request, messages, responseSchema: schema });
  const secondFault = faultOf(second, schema);
  if (secondFault === null) return second;
  options.onInvalid?.(secondFault);
  throw unsatisfied(secondFault);
}

function faultOf(reply: ModelReply, schema: JsonSchema): string | null {
  if (reply.toolCalls.length > 0) return null;
  const found = structuredValue(reply, schema);
  return "fault" in found ? found.fault : null;
}

/** The value that a reply holds, or what is wrong with it in a few words of ours. */
function structuredValue(
  reply: ModelReply,
  schema: JsonSchema,
): { readonly value: Json } | { readonly fault: string } {
  if (reply.finishReason === "length") return { fault: "it was cut at the length limit" };
  const value = boundedJson(bareJson(reply.text ?? ""));
  if (value === undefined) {
    return { fault: reply.text === null ? "it holds no text" : "it is no JSON" };
  }
  const finding = checkAgainstSchema(schema, value);
  if (finding.kind === "valid") return { value };
  if (finding.kind === "invalid") return { fault: finding.fault };
  throw new ProviderError("PROVIDER_REJECTED", `the schema of a reply cannot be used: ${finding.problem}`, {
    nextStep: "Correct the JSON Schema that the reply is asked for with.",
  });
}

/** Many models put JSON into a fence, whatever they are told. */
function bareJson(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/i.exec(text)?.[1] ?? text;
}

function repairMessages(reply: ModelReply, fault: string, schema: JsonSchema): Message[] {
  const said: Message[] =
    reply.text === null || reply.text === "" ? [] : [{ role: "assistant", content: reply.text }];
  return [
    ...said,
    {
      role: "user",
      content:
        `That reply cannot be used: ${fault}. Reply with JSON alone, without any other words, that satisfies ` +
        `this JSON Schema:\n${JSON.stringify(schema)}`,
    },
  ];
}

function unsatisfied(fault: string): ProviderError {
  return new ProviderError(
    "PROVIDER_BAD_RESPONSE",
    `the model's reply does not satisfy the schema it was asked for (${fault})`,
    {
      isRetryable: true,
      nextStep: "Check that the model supports structured output, and that the schema can be satisfied.",
    },
  );
}
