import { canonicalJson } from "../../core/hash.js";
import type { Message } from "../../core/message.js";

/**
 * The conversation without tool calls, for requests that offer no tools: providers refuse calls of tools that a
 * request does not define. Calls and results stand as elements in the text; nothing in a result can close its element.
 */
export function plainTranscript(messages: readonly Message[]): readonly Message[] {
  return messages.map((message): Message => {
    if (message.role === "tool") {
      return {
        role: "user",
        content: `<tool_result name="${nameOf(message.name)}">\n${escapeText(message.content)}\n</tool_result>`,
      };
    }
    if (message.role !== "assistant" || (message.toolCalls ?? []).length === 0) return message;
    const calls = (message.toolCalls ?? []).map(
      (call) =>
        `<tool_call name="${nameOf(call.name)}">${escapeText(canonicalJson(call.arguments))}</tool_call>`,
    );
    return { role: "assistant", content: [message.content ?? "", ...calls].filter(Boolean).join("\n") };
  });
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A model may call a tool by any name; in an attribute it must not end the element. */
function nameOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]/gu, "_");
}
