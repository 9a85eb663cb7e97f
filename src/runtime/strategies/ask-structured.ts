import { ProviderError } from "../../core/errors.js";
import type { JsonSchema, Message } from "../../core/message.js";
import { completeStructured } from "../../models/complete-structured.js";
import type { Turn } from "../turn.js";

/** What a checked answer is, or everything that is wrong with it. */
export type Reading<Value> = { readonly value: Value } | { readonly problems: readonly string[] };

/**
 * Asks the model of a turn for JSON. An answer that breaks the schema, or that `read` refuses, is asked for once more.
 *
 * @returns the problems of the last answer when that one cannot be used either
 * @throws what `turn.think` throws
 */
export async function askStructured<Value>(
  turn: Turn,
  messages: readonly Message[],
  schema: JsonSchema,
  read: (answer: unknown) => Reading<Value>,
): Promise<Reading<Value>> {
  const faults: string[] = [];
  const ask = async (request: readonly Message[]) =>
    completeStructured((one) => turn.think(one), { messages: request, tools: [] }, schema, {
      repair: false,
      onInvalid: (fault) => void faults.push(fault),
    });
  const attempt = async (request: readonly Message[]) => {
    const asked = faults.length;
    try {
      const { value, reply } = await ask(request);
      return { reading: read(value), said: reply.text ?? "" };
    } catch (error) {
      const isFault = error instanceof ProviderError && error.code === "PROVIDER_BAD_RESPONSE";
      if (!isFault || faults.length === asked) throw error;
      return { reading: { problems: faults.slice(asked) }, said: "" };
    }
  };
  const { reading, said } = await attempt(messages);
  if ("value" in reading) return reading;
  const again = await attempt([
    ...messages,
    ...(said === "" ? [] : [{ role: "assistant" as const, content: said }]),
    { role: "user", content: repairRequest(reading.problems, schema) },
  ]);
  return again.reading;
}

function repairRequest(problems: readonly string[], schema: JsonSchema): string {
  return [
    "That answer cannot be used:",
    ...problems.map((problem) => `- ${problem}`),
    `Answer again with JSON alone that satisfies this JSON Schema:\n${JSON.stringify(schema)}`,
  ].join("\n");
}
