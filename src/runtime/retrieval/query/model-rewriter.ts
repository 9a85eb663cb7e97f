import { ConfigError } from "../../../core/errors.js";
import type { Message } from "../../../core/message.js";
import type { QueryRewriter } from "./query-rewriter.js";

const INSTRUCTION =
  "Rewrite the last message of the user as one search query that can be understood without the conversation. Keep names, " +
  "numbers and the user's intent; add nothing that was not said. Reply with the query alone, on one line.";
const VERSION = 1;
const MOST_MESSAGES = 8;
const MOST_CHARS = 500;

/**
 * Rewrites by the agent's model. The message itself is searched as well, so that a bad rewriting cannot lose what was
 * asked for; without earlier messages there is nothing to rewrite and no call.
 */
export function modelRewriter(): QueryRewriter {
  return {
    identity: { kind: "model", version: VERSION, instruction: INSTRUCTION },
    async rewrite({ query, history, call }) {
      const said = history
        .filter(({ role }) => role === "user" || role === "assistant")
        .slice(-MOST_MESSAGES);
      if (said.length === 0) return { query, alternatives: [] };
      if (call === undefined) {
        const message = "rewrite: model needs a model to call; expected `call` in the request";
        throw new ConfigError([{ file: "retrieval.rewrite", message }]);
      }
      const conversation = [...said.map(lineOf), `user (last): ${query}`].join("\n");
      const reply = await call({
        messages: [
          { role: "system", content: INSTRUCTION },
          { role: "user", content: conversation },
        ],
        tools: [],
      });
      const line = (reply.text ?? "").trim().split("\n")[0]?.trim().slice(0, MOST_CHARS) ?? "";
      return line === "" || line === query
        ? { query, alternatives: [] }
        : { query: line, alternatives: [query] };
    },
  };
}

function lineOf(message: Message): string {
  return `${message.role}: ${message.role === "system" ? "" : (message.content ?? "")}`;
}
