import type { ProviderError } from "../core/errors.js";
import type { Speaker } from "../core/events.js";
import type { JsonSchema, Message, ModelReply, ToolSpec } from "../core/message.js";

/** Sampling parameters; part of the agent version. */
export interface ModelParameters {
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  /** What the text of a final reply must satisfy; replies that call tools are left alone. */
  readonly output?: { readonly schema: JsonSchema; readonly repair: boolean };
}

/** Which call of which trial this is: what a replay model looks up when it goes by position. */
export interface CallPosition {
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  readonly speaker: Speaker;
  /** 0-based index among the calls of this speaker in this trial. */
  readonly turn: number;
}

export interface ModelRequest {
  /** The conversation; the system prompt first. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly parameters: ModelParameters;
  readonly position: CallPosition;
  /**
   * JSON Schema that the text of the reply should satisfy. Providers constrain the model as well as they can; what
   * comes back is checked by `completeStructured`, not here.
   */
  readonly responseSchema?: JsonSchema;
}

export interface CompleteOptions {
  /** Aborting makes `complete` reject with `PROVIDER_ABORTED`, also in mid-stream. */
  readonly signal: AbortSignal;
  /** Called with each piece of text as it streams in. */
  readonly onText?: (delta: string) => void;
  /** Called once, at the first piece of a streamed reply, of its text or of a tool call. */
  readonly onFirstToken?: () => void;
  /** Called before a failed attempt is made again, by a model that retries. */
  readonly onRetry?: (failure: RetryNotice) => void;
  /** Called when a recording answered, with the time that the provider took then; `null` when it does not say. */
  readonly onReplay?: (durationMs: number | null) => void;
  /** Called when a cache answered: the call cost nothing now, whatever the reply's `costUsd` says. */
  readonly onCacheHit?: () => void;
  /** Called before the next model of a fallback chain is asked. */
  readonly onFallback?: (failure: FallbackNotice) => void;
  /** Called when a silent call is made a second time, and when one of the two has won. */
  readonly onHedge?: (notice: HedgeNotice) => void;
  /** Called when the breaker before an endpoint opens, lets a probe through, or closes. */
  readonly onBreakerChange?: (change: BreakerNotice) => void;
}

/** A model that gave no answer, and the next one in its chain. */
export interface FallbackNotice {
  readonly error: ProviderError;
  /** Who is asked now. */
  readonly provider: string;
  readonly model: string;
}

/** A second call beside a silent one, or its end. */
export type HedgeNotice =
  | { readonly kind: "start"; readonly afterMs: number }
  | {
      readonly kind: "end";
      /** Whether the second call won. */
      readonly isHedge: boolean;
      /** The other answer, when it came all the same: it cost something too. */
      readonly loserReply: ModelReply | null;
    };

/** A change of state of the breaker before an endpoint. */
export interface BreakerNotice {
  readonly provider: string;
  readonly model: string;
  readonly from: "closed" | "open" | "half-open";
  readonly to: "closed" | "open" | "half-open";
  readonly reason: string;
}

/** One attempt that failed and will be made again. */
export interface RetryNotice {
  /** 1-based number of the attempt that failed. */
  readonly attempt: number;
  readonly error: ProviderError;
  /** Milliseconds until the next attempt. */
  readonly waitMs: number;
}

/**
 * A model that answers one request. Contract: a reply is whole or the promise rejects with a
 * `ProviderError` (never a cut answer, never an SDK's own error); it does not retry (the resilience layer
 * does); it holds no state between calls.
 */
export interface Model {
  /** Registry name of the provider, e.g. `openai`. */
  readonly provider: string;
  /** Model name sent to the provider. */
  readonly name: string;
  complete(request: ModelRequest, options: CompleteOptions): Promise<ModelReply>;
}
