import type { Clock } from "../../core/clock.js";
import type { Emit } from "../../core/events.js";
import type { ModelReply } from "../../core/message.js";
import type { CompleteOptions, Model, ModelRequest } from "../../models/model.js";
import { CallEvents } from "../call-events.js";
import type { ReplyAccount } from "../model-caller.js";

export interface TurnCallsOptions {
  readonly model: Pick<Model, "provider" | "name">;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly onReply: (account: ReplyAccount) => void;
  /** Number of the next call of the conversation; counted on here. */
  readonly next: { exchange: number };
}

/** The model calls that an agent's exchanges stand for in the trace. */
export interface TurnCalls {
  /** An exchange begins: a call, or more of the one whose reply was partial. */
  begin(request: ModelRequest): Omit<CompleteOptions, "signal" | "onText">;
  /** The reply accounts for everything since `begin`. */
  end(reply: ModelReply): void;
}

/** One call for each reply that is not partial. */
export function exchangesAsCalls({ model, clock, emit, onReply, next }: TurnCallsOptions): TurnCalls {
  let open: CallEvents | null = null;
  return {
    begin(request) {
      if (open === null) {
        const position = { ...request.position, turn: next.exchange++ };
        open = new CallEvents(model, { ...request, position }, clock, emit, onReply);
      }
      return open.hooks();
    },
    end(reply) {
      open?.end(reply);
      open = null;
    },
  };
}

/** For agents whose replies name the model calls behind them. */
export const namedCalls: TurnCalls = { begin: () => ({}), end: () => {} };
