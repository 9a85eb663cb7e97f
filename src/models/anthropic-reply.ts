import type { z } from "zod";
import type { ModelReply, TokenUsage, ToolCall } from "../core/message.js";
import {
  type Block,
  type eventSchema,
  mergeUsage,
  type messageSchema,
  type Usage,
  usageOf,
} from "./anthropic-wire.js";
import { toolCallFromText } from "./tool-arguments.js";

/** A reply before its price; `stopReason` is still the provider's word. */
export interface AnthropicDraft {
  readonly text: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly stopReason: string | null;
  readonly usage: TokenUsage | null;
  readonly model: string | null;
}

/** A draft from a whole message. */
export function draftOfMessage(message: z.output<typeof messageSchema>): AnthropicDraft {
  return draftOf(message.content, message.stop_reason ?? null, message.usage, message.model ?? null);
}

/** Puts the events of a stream together. */
export class AnthropicStreamDraft {
  private readonly blocks = new Map<number, { block: Block; text: string; inputText: string }>();
  private usage: Usage = null;
  private model: string | null = null;
  private stopReason: string | null = null;
  private stopped = false;

  /** @returns the piece of text in this event, maybe empty */
  add(event: z.output<typeof eventSchema>): string {
    switch (event.type) {
      case "message_start":
        this.model = event.message.model ?? null;
        this.usage = event.message.usage;
        return "";
      case "content_block_start": {
        const text = event.content_block.text ?? "";
        this.blocks.set(event.index, { block: event.content_block, text, inputText: "" });
        return text;
      }
      case "content_block_delta": {
        const open = this.blocks.get(event.index);
        if (open === undefined) return "";
        open.inputText += event.delta.partial_json ?? "";
        if (event.delta.type !== "text_delta") return "";
        open.text += event.delta.text ?? "";
        return event.delta.text ?? "";
      }
      case "message_delta":
        this.stopReason = event.delta.stop_reason ?? this.stopReason;
        this.usage = mergeUsage(this.usage, event.usage);
        return "";
      case "message_stop":
        this.stopped = true;
        return "";
      default:
        return "";
    }
  }

  /** Whether any text or tool call has come. */
  get hasBegun(): boolean {
    for (const { block, text } of this.blocks.values()) {
      if (text !== "" || block.type === "tool_use") return true;
    }
    return false;
  }

  build(): AnthropicDraft {
    const blocks = [...this.blocks.values()].map(({ block, text, inputText }) => ({
      ...block,
      text,
      input: inputText === "" ? (block.input ?? {}) : inputText,
    }));
    return draftOf(blocks, this.stopped ? this.stopReason : null, this.usage, this.model);
  }
}

function draftOf(
  blocks: readonly Block[],
  stopReason: string | null,
  usage: Usage,
  model: string | null,
): AnthropicDraft {
  const text = blocks.map((block) => (block.type === "text" ? (block.text ?? "") : "")).join("");
  const toolCalls = blocks
    .filter((block) => block.type === "tool_use")
    .map(({ id, name, input }) =>
      toolCallFromText(id ?? "", name ?? "", typeof input === "string" ? input : JSON.stringify(input ?? {})),
    );
  return { text: text === "" ? null : text, toolCalls, stopReason, usage: usageOf(usage), model };
}

const STOP_REASONS: Readonly<Record<string, ModelReply["finishReason"]>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "content_filter",
};

/** @returns the reply that a draft amounts to, or what is wrong with it */
export function finishAnthropicDraft(
  draft: AnthropicDraft,
  model: string,
): Omit<ModelReply, "costUsd"> | { readonly wrong: string } {
  if (draft.stopReason === null) return { wrong: "ended the reply without a stop reason: it is cut" };
  const finishReason = Object.hasOwn(STOP_REASONS, draft.stopReason)
    ? STOP_REASONS[draft.stopReason]
    : undefined;
  if (finishReason === undefined) return { wrong: "ended the reply with an unknown stop reason" };
  if (draft.toolCalls.some((call) => call.id === "" || call.name === "")) {
    return { wrong: "sent a tool call without an id or a name" };
  }
  return {
    text: draft.text,
    toolCalls: draft.toolCalls,
    finishReason,
    usage: draft.usage,
    model: draft.model ?? model,
  };
}
