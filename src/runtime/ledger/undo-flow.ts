import { contentHash } from "../../core/hash.js";
import { callWithin } from "../tools/call-within.js";
import type { Tool, ToolCallContext } from "../tools/tool.js";
import { compensationArguments } from "./compensation-arguments.js";
import type { EffectBook } from "./effect-book.js";
import { type EffectCalls, isOpen } from "./effect-calls.js";
import type { Effect } from "./ledger-store.js";

/** What an undone turn leaves behind. */
export interface UndoneFlow {
  /** Names of the tools whose effects were undone, in that order. */
  readonly undone: readonly string[];
  /** Names of the tools whose effects stand: they have no compensation, or it did not succeed. */
  readonly left: readonly string[];
}

export interface UndoOptions {
  readonly book: EffectBook;
  readonly calls: EffectCalls;
  /** Every tool that there is: what undoes a call is seldom offered to the agent. */
  readonly tools: readonly Tool[];
  /** A compensation goes on when the time of the conversation is up. */
  readonly contextOf: (key: string) => ToolCallContext;
  readonly now: () => number;
}

/**
 * Undoes the effects of a turn, the last one first, each under a key of its own, so that a crash in the middle repeats
 * nothing. One that fails stops those before it: undoing a cancellation whose refund stands would give both away.
 */
export async function undoFlow(turn: number, reason: string, options: UndoOptions): Promise<UndoneFlow> {
  const { book } = options;
  book.setFlow({ turn, status: "compensating", reason });
  const undone: string[] = [];
  const left: string[] = [];
  let isStuck = false;
  for (const effect of [...book.ofTurn(turn)].reverse()) {
    if (effect.status === "compensated") undone.push(effect.tool);
    if (effect.status !== "done") continue;
    const result: Undone = isStuck ? "failed" : await undo(effect, options);
    isStuck = result === "failed";
    if (result === "undone") undone.push(effect.tool);
    else left.push(effect.tool);
  }
  book.setFlow({ turn, status: left.length === 0 ? "compensated" : "stuck", reason });
  return { undone, left };
}

type Undone = "undone" | "failed" | "no way";

async function undo(effect: Effect, { book, calls, tools, contextOf, now }: UndoOptions): Promise<Undone> {
  const compensation = tools.find(({ spec }) => spec.name === effect.tool)?.compensation ?? null;
  if (compensation === null) return "no way";
  const tool = tools.find(({ spec }) => spec.name === compensation.tool);
  const answer = effect.outcome?.content ?? "";
  const args = compensationArguments(compensation, { args: effect.args, result: answer });
  if (tool === undefined || args === null) return "failed";
  const key = contentHash([effect.key, "compensation"]).slice(0, 32);
  const context = contextOf(key);
  const call = { tool, context, send: () => callWithin(tool, args, context) };
  const known = book.get(key);
  const { status, outcome, detail, settledAtMs, ...base } = effect;
  const fresh = { ...base, key, tool: tool.spec.name, args, compensates: effect.key, intendedAtMs: now() };
  let made: Effect;
  try {
    if (known === undefined || known.status === "failed") made = await calls.run(fresh, call);
    else made = isOpen(known) ? await calls.reconcile(known, call, { mayRun: true }) : known;
  } catch (error) {
    // Not reached: it stays for a person, or for the next try.
    if (book.get(key)?.status === "failed") return "failed";
    throw error;
  }
  if (made.status !== "done") return "failed";
  book.settle(effect, { status: "compensated", outcome, detail: `undone by ${tool.spec.name}` });
  return "undone";
}
