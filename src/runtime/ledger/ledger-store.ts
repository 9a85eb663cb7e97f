import type { Identity } from "../../core/identity.js";
import type { ToolOutcome } from "../../environments/environment.js";
import type { ToolArguments } from "../tools/tool.js";

/**
 * `intended`: written before the call; after a crash nobody knows more. `done` and `refused`: the system said so.
 * `failed`: it never took effect, and may be tried again. `unknown`: the system was asked and could not say.
 * `compensated`: done, and undone.
 */
export type EffectStatus = "intended" | "done" | "refused" | "failed" | "unknown" | "compensated";

/** One side effect of a conversation. */
export interface Effect {
  /** Idempotency key; of a compensation, a key of its own. */
  readonly key: string;
  readonly conversationId: string;
  readonly tenantId: Identity["tenantId"];
  readonly userId: Identity["userId"];
  /** 1-based number of the user's message that it belongs to. */
  readonly turn: number;
  /** 0-based number of the tool call in its conversation. */
  readonly step: number;
  /** Id that the model gave the call. */
  readonly callId: string;
  readonly tool: string;
  readonly args: ToolArguments;
  /** Key of the effect that this one undoes; `null` for the calls of the agent. */
  readonly compensates: string | null;
  readonly status: EffectStatus;
  /** What the tool answered, whole; `null` until it did. */
  readonly outcome: ToolOutcome | null;
  readonly detail: string;
  /** Milliseconds since the Unix epoch. */
  readonly intendedAtMs: number;
  readonly settledAtMs: number | null;
}

/** Tells which effect is meant, and of which conversation. */
export type EffectId = Pick<Effect, "key" | "conversationId">;

export type NewEffect = Omit<Effect, "status" | "outcome" | "detail" | "settledAtMs">;

export type Settlement = Pick<Effect, "status" | "outcome" | "detail"> & { readonly atMs: number };

/** A turn whose side effects are being undone: `stuck` when a person must go on. */
export interface Flow {
  readonly turn: number;
  readonly status: "compensating" | "compensated" | "stuck";
  readonly reason: string;
}

/** Where the ledger is kept. Effects are never removed, except with all that is stored of their user. */
export interface LedgerStore {
  /** In the order in which they were intended. */
  effects(conversationId: string): readonly Effect[];
  /**
   * Writes an intent; it is safe when the promise is fulfilled.
   *
   * @returns false when there is an effect with this key already: nothing was written
   */
  intend(effect: NewEffect): Promise<boolean>;
  /** Intends an effect again that never took effect. */
  reopen(effect: EffectId, atMs: number): Promise<void>;
  /** Outlives a kill at the end of this turn of the event loop, or with the next intent; until then it is `intended`. */
  settle(effect: EffectId, settlement: Settlement): void;
  flows(conversationId: string): readonly Flow[];
  setFlow(conversationId: string, flow: Flow): void;
  close(): void;
}
