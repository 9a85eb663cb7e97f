import type { Json } from "../../../core/hash.js";
import type { ConversationLog } from "../../conversation-log.js";
import { sumExceeds } from "./decimal-sum.js";

/** One note for a conversation and those of its specialists: a total cannot be split among them. */
export const TOTALS_NOTE = "tool-policy.totals";

/** By cap, then by call. */
type Totals = { readonly [cap: string]: { readonly [call: string]: readonly number[] } };

/**
 * What the calls of a conversation have spent of a cap over all calls. An amount is set aside before the call and stays
 * so unless the call certainly had no effect; the same call after a crash is counted once.
 */
export class SpentTotals {
  /** @param conversationId - of the conversation whose calls are counted here; the log may hold those of others */
  constructor(
    private readonly log: ConversationLog,
    private readonly conversationId: string,
  ) {}

  /** Sets amounts aside; `false`, and nothing set aside, when the total would be above its limit. */
  reserve(cap: string, step: number, amounts: readonly number[], limit: number): boolean {
    const totals = this.read();
    const call = this.callOf(step);
    const { [call]: _, ...others } = totals[cap] ?? {};
    if (sumExceeds([...Object.values(others).flat(), ...amounts], limit)) return false;
    this.log.setNote(TOTALS_NOTE, { ...totals, [cap]: { ...others, [call]: amounts } });
    return true;
  }

  /** Whether the call has set something aside. */
  holds(cap: string, step: number): boolean {
    return Object.hasOwn(this.read()[cap] ?? {}, this.callOf(step));
  }

  /** Gives back what a call without effect had set aside. */
  release(cap: string, step: number): void {
    const totals = this.read();
    const { [this.callOf(step)]: _, ...others } = totals[cap] ?? {};
    this.log.setNote(TOTALS_NOTE, { ...totals, [cap]: others });
  }

  private callOf(step: number): string {
    return `${this.conversationId}#${step}`;
  }

  private read(): Totals {
    const note: Json | undefined = this.log.note(TOTALS_NOTE);
    return note === undefined || note === null ? {} : (note as unknown as Totals);
  }
}
