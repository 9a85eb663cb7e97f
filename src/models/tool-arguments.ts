import type { Json } from "../core/hash.js";
import type { ToolCall } from "../core/message.js";

/** Deeper values cannot be walked through by everything that reads a call. */
const MOST_DEPTH = 200;

/**
 * A tool call from the text of its arguments. An empty text means no arguments (several servers send that);
 * a text that is not a JSON object, or one nested deeper than 200 levels, is kept in `malformedArguments`, for the loop to tell the model.
 */
export function toolCallFromText(id: string, name: string, argumentsText: string): ToolCall {
  if (argumentsText.trim() === "") return { id, name, arguments: {} };
  try {
    const value: unknown = JSON.parse(argumentsText);
    if (
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      fitsDepth(value, MOST_DEPTH)
    ) {
      return { id, name, arguments: value as { readonly [key: string]: Json } };
    }
  } catch {
    // Falls through: what is not JSON is kept as it came.
  }
  return { id, name, arguments: {}, malformedArguments: argumentsText };
}

function fitsDepth(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => fitsDepth(child, levels - 1));
}
