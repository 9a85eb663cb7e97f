import type { Clock } from "../../core/clock.js";
import { ProviderError, StoreError } from "../../core/errors.js";
import type { ToolOutcome } from "../../environments/environment.js";
import { callWithin } from "../tools/call-within.js";
import { isNotReached } from "../tools/not-reached.js";
import { refusedCall, type Tool, type ToolCallContext, UnknownOutcomeError } from "../tools/tool.js";
import type { EffectBook } from "./effect-book.js";
import type { Effect, NewEffect } from "./ledger-store.js";

/** How the ledger finds out what became of a call. */
export interface ReconcileSettings {
  readonly attempts: number;
  readonly waitMs: number;
  readonly settleMs: number;
}

/** A call that the ledger makes, or finds out about. */
export interface EffectCall {
  readonly tool: Tool;
  readonly context: ToolCallContext;
  /** Sends the call. */
  send(): ToolOutcome | Promise<ToolOutcome>;
}

/** Makes calls with an intent before and an outcome after, and finds out what became of those without an outcome. */
export class EffectCalls {
  private readonly inFlight = new Map<
    string,
    { readonly effect: NewEffect; readonly made: Promise<Effect> }
  >();

  /** Monotonic time of the first question after a call, by its key. */
  private readonly askedAtMs = new Map<string, number>();

  constructor(
    private readonly book: EffectBook,
    private readonly settings: ReconcileSettings,
    private readonly clock: Clock,
    private readonly sleep: (ms: number) => Promise<void>,
  ) {}

  /** The call with this key that is under way in this process. */
  underWay(key: string): Promise<Effect> | undefined {
    return this.inFlight.get(key)?.made;
  }

  /** Calls that are under way in this process, whether or not their intent is written. */
  allUnderWay(): readonly NewEffect[] {
    return [...this.inFlight.values()].map(({ effect }) => effect);
  }

  /**
   * Makes a call that was never made, or that never took effect.
   *
   * @throws {ProviderError} when the system was not reached; the effect is `failed` then
   */
  run(effect: NewEffect, call: EffectCall): Promise<Effect> {
    return this.track(effect, async () => {
      const written = await this.book.intend(effect);
      if (written.isOurs) return this.send(written.effect, call);
      return isOpen(written.effect)
        ? this.settledBy(written.effect, call, { mayRun: false })
        : written.effect;
    });
  }

  /**
   * Finds out what became of a call without an outcome: asks the system, or calls again where that is safe. Never calls
   * again otherwise.
   *
   * @param options.mayRun - whether a call that never took effect is made now
   * @returns the effect; `unknown` when nobody can say
   */
  reconcile(effect: Effect, call: EffectCall, options: { readonly mayRun: boolean }): Promise<Effect> {
    return this.track(effect, () => this.settledBy(effect, call, options));
  }

  private async track(effect: NewEffect, work: () => Promise<Effect>): Promise<Effect> {
    const known = this.inFlight.get(effect.key);
    if (known !== undefined) return known.made;
    const made = work();
    this.inFlight.set(effect.key, { effect, made });
    try {
      return await made;
    } finally {
      this.inFlight.delete(effect.key);
    }
  }

  private async send(effect: Effect, call: EffectCall): Promise<Effect> {
    this.askedAtMs.delete(effect.key);
    try {
      return this.book.settle(effect, settlementOf(await call.send()));
    } catch (error) {
      if (isNotReached(error, call.context)) {
        this.book.settle(effect, {
          status: "failed",
          outcome: null,
          detail: `not reached: ${error.message}`,
        });
        throw error;
      }
      const reason = error instanceof Error ? error.message : String(error);
      const unknown = this.book.settle(effect, { status: "unknown", outcome: null, detail: reason });
      if (!(error instanceof UnknownOutcomeError || error instanceof ProviderError)) throw error;
      return this.settledBy(unknown, call, { mayRun: false });
    }
  }

  private async settledBy(
    effect: Effect,
    call: EffectCall,
    { mayRun }: { readonly mayRun: boolean },
  ): Promise<Effect> {
    const { attempts, waitMs } = this.settings;
    let reason = "the tool can neither look a call up nor take it twice";
    const canAsk = call.tool.lookUp !== undefined || call.tool.isIdempotent === true;
    for (let attempt = 0; canAsk && attempt < attempts; attempt += 1) {
      if (attempt > 0) await this.sleep(waitMs);
      try {
        const found = await this.lookedUp(effect, call);
        if (found !== null) return this.book.settle(effect, settlementOf(found));
        if (call.tool.isIdempotent === true) {
          const again = await callWithin(call.tool, effect.args, { ...call.context, isRepeated: true });
          return this.book.settle(effect, settlementOf(again));
        }
        const detail = "the system never knew of it";
        const failed = this.book.settle(effect, { status: "failed", outcome: null, detail });
        if (!mayRun) return failed;
        const again = await this.book.intend({ ...effect, intendedAtMs: this.clock.now() });
        return this.send(again.effect, call);
      } catch (error) {
        // Whatever keeps a system from answering, nothing is known then; only the ledger itself must not fail.
        if (error instanceof StoreError || !(error instanceof Error)) throw error;
        reason = error.message;
      }
    }
    return this.book.settle(effect, { status: "unknown", outcome: null, detail: reason });
  }

  /**
   * What the system knows of the call; `null` when it never took effect. A request that was given up may still be on its
   * way, so "never" counts only some time after the first question; a tool that may be called twice need not wait. When
   * another process sent it does not count, however long ago: wall clocks are set back and forth.
   */
  private async lookedUp(effect: Effect, { tool, context }: EffectCall): Promise<ToolOutcome | null> {
    if (tool.lookUp === undefined) return null;
    const found = await tool.lookUp(effect.key, context);
    if (found !== null || tool.isIdempotent === true) return found;
    const nowMs = this.clock.monotonic();
    const askedAtMs = this.askedAtMs.get(effect.key) ?? nowMs;
    this.askedAtMs.set(effect.key, askedAtMs);
    const remainingMs = askedAtMs + this.settings.settleMs - nowMs;
    if (remainingMs <= 0) return null;
    await this.sleep(remainingMs);
    return tool.lookUp(effect.key, context);
  }
}

/** Whether nobody knows yet what became of it. */
export function isOpen({ status }: Effect): boolean {
  return status === "intended" || status === "unknown";
}

function settlementOf(outcome: ToolOutcome): Pick<Effect, "status" | "outcome" | "detail"> {
  return { status: outcome.isError ? "refused" : "done", outcome, detail: "" };
}

/** What the model reads of an effect. */
export function outcomeOf(effect: Effect): ToolOutcome {
  if (effect.outcome !== null) return effect.outcome;
  if (effect.status === "failed") {
    return refusedCall(`${effect.tool} was not done: ${effect.detail}. It may be tried again`);
  }
  return refusedCall(
    `it is not known whether ${effect.tool} took effect (${effect.detail}). Do not say that it is done, and do not ` +
      "call it again: it has to be checked. Nothing else is changed until then",
  );
}
