import type { Clock } from "../core/clock.js";
import type { Emit } from "../core/events.js";
import type { JsonSchema, Message, ModelReply, ToolSpec } from "../core/message.js";
import type { CallPosition, Model, ModelParameters } from "../models/model.js";

/** One call of a model within a trial: position, retries and events are taken care of. */
export type ModelCaller = (request: {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** The reply must be JSON of this schema. */
  readonly responseSchema?: JsonSchema;
  /** Called with each piece of text as it streams in. */
  readonly onText?: (delta: string) => void;
}) => Promise<ModelReply>;

/** What one reply costs the trial. */
export interface ReplyAccount {
  /** US dollars; `null` when the price is not known. */
  readonly costUsd: number | null;
  /** Milliseconds that a replayed call took when it was recorded, beyond those that replaying it took. */
  readonly recordedExtraMs: number;
}

export interface ModelCallerOptions {
  readonly model: Model;
  readonly parameters: ModelParameters;
  readonly position: Omit<CallPosition, "turn">;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly onReply: (reply: ReplyAccount) => void;
}

/**
 * Makes a caller that numbers the turns of one speaker and records every attempt: a failed attempt is an
 * `error` event followed by a new `llm_call_start` with the next attempt number.
 */
export function modelCaller(options: ModelCallerOptions): ModelCaller {
  const { model, position, clock, emit, signal } = options;
  let turn = 0;
  return async ({ messages, tools, responseSchema, onText }) => {
    const request = {
      messages,
      tools,
      parameters: options.parameters,
      ...(responseSchema === undefined ? {} : { responseSchema }),
      position: { ...position, turn: turn++ },
    };
    let attempt = 0;
    let startedAt = 0;
    const callId = () => `${position.speaker}-${request.position.turn}-${attempt}`;
    const begin = () => {
      attempt += 1;
      startedAt = clock.monotonic();
      emit("llm_call_start", {
        callId: callId(),
        speaker: position.speaker,
        provider: model.provider,
        model: model.name,
        messageCount: messages.length,
        toolCount: tools.length,
        attempt,
      });
    };
    begin();
    let cached = false;
    let recordedMs: number | null | undefined;
    const reply = await model.complete(request, {
      signal,
      ...(onText === undefined ? {} : { onText }),
      onCacheHit: () => {
        cached = true;
      },
      onReplay: (durationMs) => {
        recordedMs = durationMs;
      },
      onRetry: ({ error }) => {
        emit("error", { code: error.code, message: error.message, isRetryable: error.isRetryable });
        begin();
      },
    });
    const measuredMs = clock.monotonic() - startedAt;
    emit("llm_call_end", {
      callId: callId(),
      speaker: position.speaker,
      text: reply.text,
      toolCalls: reply.toolCalls,
      finishReason: reply.finishReason,
      usage: reply.usage,
      costUsd: reply.costUsd,
      cached,
      durationMs: recordedMs ?? measuredMs,
      timed: !cached && recordedMs !== null,
    });
    options.onReply({
      costUsd: reply.costUsd,
      recordedExtraMs: typeof recordedMs === "number" ? recordedMs - measuredMs : 0,
    });
    return reply;
  };
}
