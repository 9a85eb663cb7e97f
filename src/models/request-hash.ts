import { contentHash } from "../core/hash.js";
import type { ModelRequest } from "./model.js";

/** Content hash of what a model is asked: messages, tools, parameters and schema, but not whose turn it is. */
export function requestHash(request: ModelRequest): string {
  return contentHash({
    messages: request.messages,
    tools: request.tools,
    parameters: request.parameters,
    responseSchema: request.responseSchema,
  });
}
