import { boundedJson } from "../core/bounded-json.js";
import type { Json } from "../core/hash.js";
import type { ToolCall } from "../core/message.js";

/**
 * A tool call from the text of its arguments. An empty text means no arguments (several servers send that);
 * a text that is not a JSON object, or is nested too deeply, is kept in `malformedArguments`, for the loop to tell the model.
 */
export function toolCallFromText(id: string, name: string, argumentsText: string): ToolCall {
  if (argumentsText.trim() === "") return { id, name, arguments: {} };
  const value = boundedJson(argumentsText);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { id, name, arguments: value as { readonly [key: string]: Json } };
  }
  return { id, name, arguments: {}, malformedArguments: argumentsText };
}
