import type OpenAI from "openai";
import type { Message, ToolCall } from "../core/message.js";
import type { ModelRequest } from "./model.js";

type Body = Omit<OpenAI.ChatCompletionCreateParams, "stream" | "stream_options">;

/**
 * The request in the chat completions dialect. The longest reply is asked for as `max_completion_tokens` at
 * OpenAI, whose reasoning models refuse `max_tokens`, and as `max_tokens` elsewhere, the only name that all
 * compatible servers know.
 */
export function openaiRequestBody(model: string, baseUrl: string, request: ModelRequest): Body {
  const { temperature, topP, maxTokens, seed } = request.parameters;
  const limitName = new URL(baseUrl).host === "api.openai.com" ? "max_completion_tokens" : "max_tokens";
  return {
    model,
    messages: request.messages.map(toOpenaiMessage),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map(({ name, description, parameters }) => ({
            type: "function" as const,
            function: { name, description, parameters: parameters as Record<string, unknown> },
          })),
        }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(maxTokens === undefined ? {} : { [limitName]: maxTokens }),
    ...(seed === undefined ? {} : { seed }),
    ...(request.responseSchema === undefined
      ? {}
      : {
          response_format: {
            type: "json_schema" as const,
            // Not strict: that mode refuses schemas with optional properties, which ours may have.
            json_schema: { name: "reply", schema: request.responseSchema as Record<string, unknown> },
          },
        }),
  };
}

function toOpenaiMessage(message: Message): OpenAI.ChatCompletionMessageParam {
  switch (message.role) {
    case "system":
    case "user":
      return { role: message.role, content: message.content };
    case "tool":
      return { role: "tool", tool_call_id: message.toolCallId, content: message.content };
    case "assistant":
      return {
        role: "assistant",
        content: message.content,
        ...(message.toolCalls === undefined || message.toolCalls.length === 0
          ? {}
          : { tool_calls: message.toolCalls.map(toOpenaiToolCall) }),
      };
  }
}

function toOpenaiToolCall(call: ToolCall): OpenAI.ChatCompletionMessageFunctionToolCall {
  const argumentsText = call.malformedArguments ?? JSON.stringify(call.arguments);
  return { id: call.id, type: "function", function: { name: call.name, arguments: argumentsText } };
}
