import type { Json } from "../../../core/hash.js";
import type { ConversationLog } from "../../conversation-log.js";
import { sumExceeds } from "./decimal-sum.js";

const NOTE = "tool-policy.totals";

type Totals = { readonly [cap: string]: { readonly [step: string]: readonly number[] } };

/**
 * What the calls of a conversation have spent of a cap over all calls. An amount is set aside before the call and stays
 * so unless the call certainly had no effect; the same call after a crash is counted once.
 */
export class SpentTotals {
  constructor(private readonly log: ConversationLog) {}

  /** Sets amounts aside; `false`, and nothing set aside, when the total would be above its limit. */
  reserve(cap: string, step: number, amounts: readonly number[], limit: number): boolean {
    const totals = this.read();
    const { [String(step)]: _, ...others } = totals[cap] ?? {};
    if (sumExceeds([...Object.values(others).flat(), ...amounts], limit)) return false;
    this.log.setNote(NOTE, { ...totals, [cap]: { ...others, [String(step)]: amounts } });
    return true;
  }

  /** Gives back what a call without effect had set aside. */
  release(cap: string, step: number): void {
    const totals = this.read();
    const { [String(step)]: _, ...others } = totals[cap] ?? {};
    this.log.setNote(NOTE, { ...totals, [cap]: others });
  }

  private read(): Totals {
    const note: Json | undefined = this.log.note(NOTE);
    return note === undefined || note === null ? {} : (note as unknown as Totals);
  }
}
