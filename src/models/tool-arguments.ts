import type { Json } from "../core/hash.js";
import type { ToolCall } from "../core/message.js";

/**
 * A tool call from the text of its arguments. An empty text means no arguments (several servers send that);
 * a text that is not a JSON object is kept in `malformedArguments`, for the loop to tell the model.
 */
export function toolCallFromText(id: string, name: string, argumentsText: string): ToolCall {
  if (argumentsText.trim() === "") return { id, name, arguments: {} };
  try {
    const value: unknown = JSON.parse(argumentsText);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { id, name, arguments: value as { readonly [key: string]: Json } };
    }
  } catch {
    // Falls through: what is not JSON is kept as it came.
  }
  return { id, name, arguments: {}, malformedArguments: argumentsText };
}
