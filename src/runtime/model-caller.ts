import type { Clock } from "../core/clock.js";
import type { Emit } from "../core/events.js";
import type { JsonSchema, Message, ModelReply, ToolSpec } from "../core/message.js";
import { structuredReply } from "../models/complete-structured.js";
import type { CallPosition, Model, ModelParameters, ModelRequest } from "../models/model.js";
import { CallEvents } from "./call-events.js";
import type { ThinkRequest } from "./turn.js";

/** One call of a model within a trial: position, retries and events are taken care of. */
export type ModelCaller = (request: {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** The reply must be JSON of this schema. */
  readonly responseSchema?: JsonSchema;
  /** Called with each piece of text as it streams in. */
  readonly onText?: (delta: string) => void;
  /** Asked instead; see {@link ThinkRequest}. */
  readonly via?: ThinkRequest["via"];
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
 * `error` event followed by a new `llm_call_start` with the next attempt number. Where the parameters state what a
 * final text must satisfy, a reply that calls no tool is checked, and asked for once more when it is wrong.
 */
export function modelCaller(options: ModelCallerOptions): ModelCaller {
  const { model, position, clock, emit, signal } = options;
  const { output, ...parameters } = options.parameters;
  let turn = 0;

  const callOnce: ModelCaller = async ({ messages, tools, responseSchema, onText, via }) => {
    const request: ModelRequest = {
      messages,
      tools,
      parameters,
      ...(responseSchema === undefined ? {} : { responseSchema }),
      position: { ...position, turn: turn++ },
    };
    const heard = onText === undefined ? {} : { onText };
    if (via !== undefined) return via.complete(request, { signal, ...heard });
    const events = new CallEvents(model, request, clock, emit, options.onReply);
    const reply = await model.complete(request, { ...events.hooks(), signal, ...heard });
    events.end(reply);
    return reply;
  };

  if (output === undefined || position.speaker !== "agent") return callOnce;
  return async (request) => {
    // Who states a schema for this one call checks the reply as well.
    if (request.responseSchema !== undefined) return callOnce(request);
    const { onText, ...asked } = request;
    return structuredReply(
      (again) => callOnce({ ...again, ...(onText === undefined ? {} : { onText }) }),
      asked,
      output.schema,
      {
        repair: output.repair,
        onInvalid: (fault) =>
          emit("error", {
            code: "PROVIDER_BAD_RESPONSE",
            message: `the reply does not satisfy its schema: ${fault}`,
            isRetryable: true,
          }),
      },
    );
  };
}
