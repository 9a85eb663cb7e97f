import { canonicalJson } from "../../core/hash.js";
import type { ConversationContext } from "../conversation-part.js";
import { turnOf } from "../marked-calls.js";
import type { ToolInvocation } from "../tools/tool.js";
import type { DoneEffect, EffectsView } from "./effects-view.js";
import type { Effect, Flow, LedgerStore, NewEffect, Settlement } from "./ledger-store.js";

/** The effects of one conversation: read when first needed, written before they are remembered, told as events. */
export class EffectBook implements EffectsView {
  private loaded: Map<string, Effect> | null = null;
  private loadedFlows: Map<number, Flow> | null = null;

  constructor(
    private readonly store: LedgerStore,
    private readonly context: ConversationContext,
  ) {}

  all(): readonly Effect[] {
    return [...this.effects().values()];
  }

  get(key: string): Effect | undefined {
    return this.effects().get(key);
  }

  /** Calls of the agent in one turn; compensations are not among them. */
  ofTurn(turn: number): readonly Effect[] {
    return this.all().filter((effect) => effect.turn === turn && effect.compensates === null);
  }

  done(): readonly DoneEffect[] {
    return this.all()
      .filter(({ status, compensates }) => status === "done" && compensates === null)
      .map(({ tool, args, outcome }) => ({ tool, args, result: outcome?.content ?? "" }));
  }

  anyUnknown(): boolean {
    return this.all().some(({ status }) => status === "intended" || status === "unknown");
  }

  get turn(): number {
    return turnOf(this.context.log);
  }

  newEffect({ tool, call, step, context }: ToolInvocation): NewEffect {
    const { conversationId, identity, clock } = this.context;
    return {
      key: context.idempotencyKey ?? "",
      conversationId,
      tenantId: identity.tenantId,
      userId: identity.userId,
      turn: this.turn,
      step,
      callId: call.id,
      tool: tool.spec.name,
      args: call.arguments,
      compensates: null,
      intendedAtMs: clock.now(),
    };
  }

  /**
   * Writes the intent before a call; a key that never took effect is used again.
   *
   * @returns what another process has written under this key, when it was quicker
   */
  async intend(effect: NewEffect): Promise<{ readonly effect: Effect; readonly isOurs: boolean }> {
    const known = this.get(effect.key);
    if (known?.status === "failed") {
      await this.store.reopen(effect, effect.intendedAtMs);
    } else if (!(await this.store.intend(effect))) {
      // Another process was quicker: what it wrote counts.
      this.loaded = null;
      this.loadedFlows = null;
      const theirs = this.get(effect.key);
      if (theirs !== undefined) return { effect: theirs, isOurs: false };
    }
    const intended: Effect = { ...effect, status: "intended", outcome: null, detail: "", settledAtMs: null };
    this.remember(intended, "intended", "");
    return { effect: intended, isOurs: true };
  }

  settle(effect: Effect, settlement: Omit<Settlement, "atMs">): Effect {
    const atMs = this.context.clock.now();
    this.store.settle(effect, { ...settlement, atMs });
    const settled: Effect = { ...effect, ...settlement, settledAtMs: atMs };
    const { status } = settled;
    // To whoever reads the trace, what never took effect was refused.
    this.remember(settled, status === "failed" ? "refused" : status, settlement.detail);
    return settled;
  }

  flows(): readonly Flow[] {
    return [...this.flowsByTurn().values()];
  }

  setFlow(flow: Flow): void {
    this.store.setFlow(this.context.conversationId, flow);
    this.flowsByTurn().set(flow.turn, flow);
  }

  private flowsByTurn(): Map<number, Flow> {
    this.loadedFlows ??= new Map(
      this.store.flows(this.context.conversationId).map((flow) => [flow.turn, flow]),
    );
    return this.loadedFlows;
  }

  private effects(): Map<string, Effect> {
    this.loaded ??= new Map(
      this.store.effects(this.context.conversationId).map((effect) => [effect.key, effect]),
    );
    return this.loaded;
  }

  private remember(effect: Effect, status: Exclude<Effect["status"], "failed">, detail: string): void {
    this.effects().set(effect.key, effect);
    const { key, step, tool, compensates } = effect;
    const callId = compensates === null ? `tool-${step}` : `undo-${step}`;
    this.context.emit("effect_recorded", { key, callId, tool, status, detail });
  }
}

/** Whether two calls ask for the same: a model that was not sure says it again. */
export function isSameCall(
  left: Pick<Effect, "tool" | "args">,
  right: Pick<Effect, "tool" | "args">,
): boolean {
  return left.tool === right.tool && canonicalJson(left.args) === canonicalJson(right.args);
}
