import type { Clock } from "../core/clock.js";
import type { Emit } from "../core/events.js";
import type { ModelReply } from "../core/message.js";
import type { CompleteOptions, Model, ModelRequest } from "../models/model.js";
import type { ReplyAccount } from "./model-caller.js";

interface OpenCall {
  readonly callId: string;
  readonly startedAt: number;
  firstTokenMs: number | null;
}

/** Writes the events of one model call: each attempt, retry, fallback and second call is a span of its own. */
export class CallEvents {
  private attempt = 0;
  private provider: string;
  private name: string;
  private current: OpenCall;
  private hedge: OpenCall | null = null;
  private cached = false;
  private recordedMs: number | null | undefined;

  constructor(
    model: Pick<Model, "provider" | "name">,
    private readonly request: ModelRequest,
    private readonly clock: Clock,
    private readonly emit: Emit,
    private readonly account: (reply: ReplyAccount) => void,
  ) {
    this.provider = model.provider;
    this.name = model.name;
    this.current = this.begin();
  }

  /** What the model is to report while it works. */
  hooks(): Omit<CompleteOptions, "signal" | "onText"> {
    return {
      onCacheHit: () => {
        this.cached = true;
      },
      onReplay: (durationMs) => {
        this.recordedMs = durationMs;
      },
      onFirstToken: () => {
        // Of two calls at once it is not known here which one spoke: `onHedge` says so at the end.
        const nowMs = this.clock.monotonic();
        for (const call of [this.current, this.hedge]) {
          if (call !== null) call.firstTokenMs ??= nowMs - call.startedAt;
        }
      },
      onRetry: ({ error }) => this.beginAgain(error, "retry"),
      onFallback: ({ error, provider, model }) => {
        this.provider = provider;
        this.name = model;
        this.beginAgain(error, "fallback");
      },
      onHedge: (notice) => {
        if (notice.kind === "start") {
          this.hedge = this.begin("hedge");
          return;
        }
        const [winner, loser] = notice.isHedge ? [this.hedge, this.current] : [this.current, this.hedge];
        if (winner === null || loser === null) return;
        loser.firstTokenMs = null;
        if (notice.loserReply !== null) this.endCall(loser, notice.loserReply);
        this.current = winner;
        this.hedge = null;
      },
      onBreakerChange: (change) => this.emit("llm_breaker_change", change),
    };
  }

  /** Ends the call with the reply that counts. */
  end(reply: ModelReply): void {
    this.endCall(this.current, reply);
  }

  /** A failure that the call got over. */
  error(error: { readonly code: string; readonly message: string; readonly isRetryable: boolean }): void {
    this.emit("error", { code: error.code, message: error.message, isRetryable: error.isRetryable });
  }

  private beginAgain(error: Parameters<CallEvents["error"]>[0], again: "retry" | "fallback"): void {
    const { code, message, isRetryable } = error;
    this.emit("error", { code, message, isRetryable, callId: this.current.callId });
    this.hedge = null;
    this.current = this.begin(again);
  }

  private begin(again?: "retry" | "fallback" | "hedge"): OpenCall {
    this.attempt += 1;
    const { position, messages, tools } = this.request;
    const callId = `${position.speaker}-${position.turn}-${this.attempt}`;
    this.emit("llm_call_start", {
      callId,
      speaker: position.speaker,
      provider: this.provider,
      model: this.name,
      messageCount: messages.length,
      toolCount: tools.length,
      attempt: this.attempt,
      ...(again === undefined ? {} : { again }),
    });
    return { callId, startedAt: this.clock.monotonic(), firstTokenMs: null };
  }

  private endCall({ callId, startedAt, firstTokenMs }: OpenCall, reply: ModelReply): void {
    const { cached, recordedMs } = this;
    const measuredMs = this.clock.monotonic() - startedAt;
    this.emit("llm_call_end", {
      callId,
      speaker: this.request.position.speaker,
      text: reply.text,
      toolCalls: reply.toolCalls,
      finishReason: reply.finishReason,
      usage: reply.usage,
      costUsd: reply.costUsd,
      cached,
      durationMs: recordedMs ?? measuredMs,
      timed: !cached && recordedMs !== null,
      ...(firstTokenMs === null ? {} : { firstTokenMs }),
      ...(reply.answeredBy === undefined ? {} : { answeredBy: reply.answeredBy }),
    });
    this.account({
      costUsd: reply.costUsd,
      recordedExtraMs: typeof recordedMs === "number" ? recordedMs - measuredMs : 0,
    });
  }
}
