import type { AgentErrors } from "../agent-errors.js";

/** @throws {ProviderError} PROVIDER_BAD_RESPONSE, without a word of the text */
export function parsedJson(text: string, errors: AgentErrors): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw errors.badReply(
      text.trim() === "" ? "sent an empty response" : "sent what is not JSON",
      "See what it answers with curl; for a stream give `stream` in the agent file.",
    );
  }
}
