import type Anthropic from "@anthropic-ai/sdk";
import type { Message } from "../core/message.js";
import type { ModelRequest } from "./model.js";

type Body = Omit<Anthropic.MessageCreateParamsNonStreaming, "stream">;
type Block = Anthropic.ContentBlockParam;

/** The API demands a limit; this one is used when the agent file states none. */
export const DEFAULT_MAX_TOKENS = 4096;

/**
 * The request in the messages dialect: system prompts apart, tool results as blocks of a user message,
 * neighbouring messages of one role merged. There is no seed in this API; a stated one is not sent.
 */
export function anthropicRequestBody(model: string, request: ModelRequest): Body {
  const { temperature, topP, maxTokens } = request.parameters;
  const system = request.messages
    .flatMap((message) => (message.role === "system" && message.content !== "" ? [message.content] : []))
    .join("\n\n");
  return {
    model,
    max_tokens: maxTokens ?? DEFAULT_MAX_TOKENS,
    messages: toAnthropicMessages(request.messages),
    ...(system === "" ? {} : { system }),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map(({ name, description, parameters }) => ({
            name,
            description,
            input_schema: { type: "object" as const, ...parameters } as Anthropic.Tool.InputSchema,
          })),
        }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(request.responseSchema === undefined
      ? {}
      : {
          output_config: {
            format: {
              type: "json_schema" as const,
              schema: request.responseSchema as Record<string, unknown>,
            },
          },
        }),
  };
}

function toAnthropicMessages(messages: readonly Message[]): Anthropic.MessageParam[] {
  const merged: { role: "user" | "assistant"; content: Block[] }[] = [];
  for (const message of messages) {
    if (message.role === "system") continue;
    const role = message.role === "assistant" ? "assistant" : "user";
    const blocks = toBlocks(message);
    if (blocks.length === 0) continue;
    const last = merged.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else merged.push({ role, content: blocks });
  }
  return merged;
}

function toBlocks(message: Exclude<Message, { role: "system" }>): Block[] {
  switch (message.role) {
    case "user":
      return [{ type: "text", text: message.content }];
    case "tool":
      return [{ type: "tool_result", tool_use_id: message.toolCallId, content: message.content }];
    case "assistant": {
      // The API refuses empty text blocks.
      const text: Block[] = message.content ? [{ type: "text", text: message.content }] : [];
      const calls = (message.toolCalls ?? []).map(
        (call): Block => ({ type: "tool_use", id: call.id, name: call.name, input: call.arguments }),
      );
      return [...text, ...calls];
    }
  }
}
