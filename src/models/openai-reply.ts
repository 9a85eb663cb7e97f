import type { ModelReply, TokenUsage } from "../core/message.js";
import { type Chunk, type Completion, usageOf } from "./openai-wire.js";
import { toolCallFromText } from "./tool-arguments.js";

/** A reply before its price; `finishReason` is still the provider's word. */
export interface OpenaiDraft {
  readonly text: string | null;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly finishReason: string | null;
  readonly usage: TokenUsage | null;
  readonly model: string | null;
}

/** A draft from a whole completion. A refusal counts as the text. */
export function draftOfCompletion(completion: Completion): OpenaiDraft {
  const choice = completion.choices[0]!;
  const calls = choice.message.tool_calls ?? [];
  return {
    text: choice.message.content || choice.message.refusal || null,
    toolCalls: calls.map((call) => ({
      id: call.id ?? "",
      name: call.function.name,
      arguments: call.function.arguments ?? "",
    })),
    finishReason: choice.finish_reason ?? null,
    usage: usageOf(completion.usage),
    model: completion.model || null,
  };
}

/** Puts the chunks of a stream together. */
export class OpenaiStreamDraft {
  private text = "";
  private readonly calls: { index: number | null; id: string; name: string; arguments: string }[] = [];
  private finishReason: string | null = null;
  private usage: TokenUsage | null = null;
  private model: string | null = null;

  /** @returns the piece of text in this chunk, maybe empty */
  add(chunk: Chunk): string {
    this.model ??= chunk.model || null;
    this.usage = usageOf(chunk.usage) ?? this.usage;
    const choice = chunk.choices?.find((candidate) => (candidate.index ?? 0) === 0);
    if (choice === undefined) return "";
    this.finishReason = choice.finish_reason || this.finishReason;
    for (const piece of choice.delta?.tool_calls ?? []) {
      const call = this.callFor(piece.index ?? null, piece.id ?? "");
      call.name += piece.function?.name ?? "";
      call.arguments += piece.function?.arguments ?? "";
    }
    const delta = choice.delta?.content || choice.delta?.refusal || "";
    this.text += delta;
    return delta;
  }

  /** Whether any text or tool call has come. */
  get hasBegun(): boolean {
    return this.text !== "" || this.calls.length > 0;
  }

  build(): OpenaiDraft {
    return {
      text: this.text === "" ? null : this.text,
      toolCalls: this.calls,
      finishReason: this.finishReason,
      usage: this.usage,
      model: this.model,
    };
  }

  /** Some servers leave the index out or give all calls index 0: then a new id starts a new call. */
  private callFor(index: number | null, id: string) {
    const open =
      index === null ? this.calls.at(-1) : this.calls.findLast((candidate) => candidate.index === index);
    if (open !== undefined && (id === "" || open.id === "" || open.id === id)) {
      open.id ||= id;
      return open;
    }
    const fresh = { index, id, name: "", arguments: "" };
    this.calls.push(fresh);
    return fresh;
  }
}

/** What the finish reasons of OpenAI-compatible servers mean; others (`error`, `abort`) mean a cut reply. */
const FINISH_REASONS: Readonly<Record<string, ModelReply["finishReason"]>> = {
  stop: "stop",
  eos: "stop",
  eos_token: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  length: "length",
  content_filter: "content_filter",
};

/**
 * The reply that a draft amounts to.
 *
 * @param turn - makes ids for calls that came without one unique within the conversation
 * @returns the reply without its price, or what is wrong with it
 */
export function finishOpenaiDraft(
  draft: OpenaiDraft,
  model: string,
  turn: number,
): Omit<ModelReply, "costUsd"> | { readonly wrong: string } {
  if (draft.finishReason === null) return { wrong: "ended the reply without a finish reason: it is cut" };
  const finishReason = Object.hasOwn(FINISH_REASONS, draft.finishReason)
    ? FINISH_REASONS[draft.finishReason]
    : undefined;
  if (finishReason === undefined) return { wrong: "ended the reply with an unknown finish reason" };
  if (draft.toolCalls.some((call) => call.name === "")) return { wrong: "sent a tool call without a name" };
  const toolCalls = draft.toolCalls.map((call, index) =>
    toolCallFromText(call.id || `call_${turn}_${index}`, call.name, call.arguments),
  );
  return {
    text: draft.text,
    toolCalls,
    finishReason: finishReason === "stop" && toolCalls.length > 0 ? "tool_calls" : finishReason,
    usage: draft.usage,
    model: draft.model ?? model,
  };
}
