import type { Message } from "../../core/message.js";
import type { ToolOutcome } from "../../environments/environment.js";
import type { ConversationContext, TextDecision } from "../conversation-part.js";
import { callState } from "../marked-calls.js";
import { callWithin } from "../tools/call-within.js";
import { refusedCall, type Tool, type ToolCallContext, type ToolInvocation } from "../tools/tool.js";
import { EffectBook, isSameCall } from "./effect-book.js";
import { type EffectCall, EffectCalls, isOpen, outcomeOf } from "./effect-calls.js";
import { type EffectsView, tellsUnknownOutcome } from "./effects-view.js";
import type { LedgerPartOptions } from "./ledger-part.js";
import type { Effect, NewEffect } from "./ledger-store.js";
import { escalationText, undoneText } from "./ledger-texts.js";
import { type UndoneFlow, undoFlow } from "./undo-flow.js";

const ESCALATED = "ledger-escalated";
/** Compensations and questions to systems go on after the time of the conversation is up, but not for ever. */
const OWN_TIME_MS = 60_000;

/** The ledger of one conversation: decides of each side effect whether it is made, answered or refused. */
export class ConversationLedger {
  private readonly book: EffectBook;
  private readonly calls: EffectCalls;
  private readonly tools: readonly Tool[];
  /** Keys that were asked about in this turn without result: the next turn asks again. */
  private readonly asked = new Set<string>();
  /** Keys whose outcome came out after the model had read that it is unknown. */
  private readonly learned = new Set<string>();
  private deciding: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: ConversationContext,
    private readonly options: LedgerPartOptions,
  ) {
    const { reconcileAttempts: attempts, reconcileWaitMs: waitMs, settleMs } = options.settings;
    this.book = new EffectBook(options.store(), context);
    this.calls = new EffectCalls(this.book, { attempts, waitMs, settleMs }, context.clock, options.sleep);
    this.tools = context.allTools ?? context.tools;
  }

  get effects(): EffectsView {
    return this.book;
  }

  async newTurn(): Promise<void> {
    this.asked.clear();
    this.learned.clear();
    await this.catchUp();
  }

  /** Finishes what a crash or a lost answer left open. */
  async catchUp(): Promise<void> {
    for (const flow of this.book.flows()) {
      if (flow.status === "compensating") await this.undo(flow.turn, flow.reason);
    }
    await this.settleOpen();
  }

  /** A call of the agent: made once, whatever happens. */
  async call(
    invocation: ToolInvocation,
    send: () => ToolOutcome | Promise<ToolOutcome>,
  ): Promise<ToolOutcome> {
    const effect = this.book.newEffect(invocation);
    const known = this.book.get(effect.key);
    if (known !== undefined && !isSameCall(known, effect)) {
      return refusedCall(`${effect.tool} was not run: its idempotency key stands for another call`);
    }
    if (known !== undefined && known.status !== "failed") {
      return outcomeOf(
        await this.current(known, { tool: invocation.tool, context: invocation.context, send }),
      );
    }
    const call = { tool: invocation.tool, context: invocation.context, send };
    const decision = await this.decide(effect, call);
    if (decision.kind === "refuse") return refusedCall(`${effect.tool} was not run: ${decision.reason}`);
    const made = await decision.made;
    if (isOpen(made)) this.asked.add(made.key);
    const outcome = outcomeOf(made);
    if (decision.kind === "run" || outcome.isError) return outcome;
    return {
      ...outcome,
      content: `${outcome.content}\n(Done before with the same arguments; not done again.)`,
    };
  }

  /** The messages with what became known since the model was told that it is unknown. */
  corrected(messages: readonly Message[]): readonly Message[] {
    const byCall = new Map(
      this.book
        .all()
        .flatMap((one) => (one.compensates === null && !isOpen(one) ? [[one.callId, one] as const] : [])),
    );
    if (byCall.size === 0) return messages;
    return messages.map((message) => {
      if (message.role !== "tool" || !tellsUnknownOutcome(message.content)) return message;
      const effect = byCall.get(message.toolCallId);
      return effect === undefined ? message : { ...message, content: outcomeOf(effect).content };
    });
  }

  /** An answer goes out only when nothing is unknown, and a failed flow is dealt with. */
  async beforeReply(text: string): Promise<TextDecision> {
    await this.catchUp();
    const told = this.escalatedKeys();
    const open = this.book.all().filter((effect) => isOpen(effect) && !told.includes(effect.key));
    if (open.length > 0) return this.escalate(open, "unknown");
    const { turn } = this.book;
    const flow = this.book.flows().find((one) => one.turn === turn);
    if (flow !== undefined) return this.undone(await this.undo(turn, flow.reason));
    const failed = unrecovered(this.book.ofTurn(turn));
    const done = this.book.ofTurn(turn).filter(({ status }) => status === "done");
    const { onFailure } = this.options.settings;
    if (failed.length === 0 || done.length === 0 || onFailure === "keep") return { kind: "pass", text };
    if (onFailure === "compensate") return this.undone(await this.undo(turn, failureOf(failed)));
    const fresh = failed.filter(({ key }) => !told.includes(key));
    return fresh.length === 0 ? { kind: "pass", text } : this.escalate(fresh, "failed");
  }

  /** A limit ended the turn: what it did is undone when the agent file says so. */
  async abandonCutTurn(reason: string): Promise<void> {
    if (this.options.settings.onFailure !== "compensate") return;
    const { turn } = this.book;
    if (this.context.log.messages.at(-1)?.role !== "tool") return;
    if (this.book.ofTurn(turn).some(({ status }) => status === "done")) await this.undo(turn, reason);
  }

  /** One decision after the other: of two equal calls at the same time, the second must see the first. */
  private decide(effect: NewEffect, call: EffectCall): Promise<Decision> {
    const decided = this.deciding.then(async (): Promise<Decision> => {
      await this.catchUp();
      const reason = this.refusalOf(effect);
      if (reason !== null) return { kind: "refuse", reason };
      const same = this.sameCall(effect);
      return same === null
        ? { kind: "run", made: this.calls.run(effect, call) }
        : { kind: "same", made: same };
    });
    this.deciding = decided.then(
      () => {},
      () => {},
    );
    return decided;
  }

  private async current(known: Effect, call: EffectCall): Promise<Effect> {
    const underWay = this.calls.underWay(known.key);
    if (underWay !== undefined) return underWay;
    if (!isOpen(known)) return known;
    const settled = await this.calls.reconcile(known, call, { mayRun: true });
    if (isOpen(settled)) this.asked.add(settled.key);
    return settled;
  }

  /** Asks once a turn what became of each effect without an outcome. */
  private async settleOpen(): Promise<void> {
    for (const effect of this.book.all()) {
      if (!isOpen(effect) || effect.compensates !== null) continue;
      if (this.asked.has(effect.key) || this.calls.underWay(effect.key) !== undefined) continue;
      this.asked.add(effect.key);
      const tool = this.tools.find(({ spec }) => spec.name === effect.tool);
      if (tool === undefined) continue;
      const context = this.ownContext(effect.key);
      const send = () => callWithin(tool, effect.args, context);
      const settled = await this.calls.reconcile(effect, { tool, context, send }, { mayRun: false });
      if (!isOpen(settled)) this.learned.add(settled.key);
    }
  }

  /** Why a call must not be made now, or `null`. */
  private refusalOf(effect: NewEffect): string | null {
    const flow = this.book.flows().find(({ turn }) => turn === effect.turn);
    if (flow !== undefined) return "what was done in this turn is being undone";
    const open = this.book.all().find((one) => isOpen(one) && this.calls.underWay(one.key) === undefined);
    if (open !== undefined) {
      return `it is not known whether ${open.tool} took effect, and nothing else is changed until then`;
    }
    const failed = this.failedBefore(effect.callId);
    return failed === null ? null : `${failed} failed before it in the same reply; look at its result first`;
  }

  /** A side effect that failed among the calls that the same reply made before this one. */
  private failedBefore(callId: string): string | null {
    const { log } = this.context;
    const reply = log.messages.findLast(
      (message) =>
        message.role === "assistant" && message.toolCalls?.some(({ id }) => id === callId) === true,
    );
    if (reply?.role !== "assistant") return null;
    for (const { id, name } of reply.toolCalls ?? []) {
      if (id === callId) return null;
      const tool = this.tools.find(({ spec }) => spec.name === name);
      const state = callState(log, id);
      if (tool?.reversibility !== "read" && (state === "failed" || state === "not_run")) return name;
    }
    return null;
  }

  /** The same call, done where repetitions count, or not known to the model until now. */
  private sameCall(effect: NewEffect): Promise<Effect> | null {
    const { repeats } = this.options.settings;
    const counts = (one: NewEffect) =>
      one.compensates === null &&
      isSameCall(one, effect) &&
      (repeats === "conversation" ||
        (repeats === "turn" && one.turn === effect.turn) ||
        this.learned.has(one.key));
    const done = this.book.all().find((one) => one.status === "done" && counts(one));
    if (done !== undefined) return Promise.resolve(done);
    const begun = this.calls.allUnderWay().find(counts);
    return begun === undefined ? null : (this.calls.underWay(begun.key) ?? null);
  }

  private undo(turn: number, reason: string): Promise<UndoneFlow> {
    return undoFlow(turn, reason, {
      book: this.book,
      calls: this.calls,
      tools: this.tools,
      contextOf: (key) => this.ownContext(key),
      now: this.context.clock.now,
    });
  }

  private undone(flow: UndoneFlow): TextDecision {
    const failed = unrecovered(this.book.ofTurn(this.book.turn));
    const text = undoneText(
      failed.map(({ tool }) => tool),
      flow,
    );
    if (flow.left.length === 0) return { kind: "reply", text, stop: "answered" };
    this.tellPerson(failed, `left as they are: ${flow.left.join(", ")}`);
    return { kind: "reply", text, stop: "escalated" };
  }

  private escalate(effects: readonly Effect[], why: "unknown" | "failed"): TextDecision {
    this.tellPerson(
      effects,
      why === "unknown" ? "nobody knows whether they took effect" : "failed after others",
    );
    return { kind: "reply", text: escalationText(effects, why), stop: "escalated" };
  }

  private tellPerson(effects: readonly Effect[], why: string): void {
    const { log, emit } = this.context;
    const [first] = effects;
    const detail = `${effects.map(({ tool }) => tool).join(", ")}: ${why}`;
    const callId = first === undefined ? {} : { callId: `tool-${first.step}` };
    emit("guardrail_triggered", { rule: "output.ledger", action: "escalate", detail, ...callId });
    log.setNote(ESCALATED, [...this.escalatedKeys(), ...effects.map(({ key }) => key)]);
  }

  private escalatedKeys(): readonly string[] {
    return (this.context.log.note(ESCALATED) ?? []) as readonly string[];
  }

  private ownContext(idempotencyKey: string): ToolCallContext {
    const { identity, conversationId } = this.context;
    return { identity, conversationId, idempotencyKey, signal: AbortSignal.timeout(OWN_TIME_MS) };
  }
}

type Decision =
  | { readonly kind: "refuse"; readonly reason: string }
  | { readonly kind: "run" | "same"; readonly made: Promise<Effect> };

/** Failures that no later call of the same tool made good. */
function unrecovered(effects: readonly Effect[]): readonly Effect[] {
  return effects.filter(
    (effect, index) =>
      (effect.status === "refused" || effect.status === "failed") &&
      !effects.slice(index + 1).some((later) => later.tool === effect.tool && isGood(later)),
  );
}

function isGood({ status }: Effect): boolean {
  return status === "done" || status === "compensated";
}

function failureOf(failed: readonly Effect[]): string {
  return `${failed.map(({ tool }) => tool).join(", ")} failed`;
}
