import type { Arm } from "../../core/traffic-split.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";

/** Share of an arm's outcomes that are told by the age from which on its conversations count. */
const TOLD = 0.99;
/** Bins of an eighth of an octave, from a millisecond to months. */
const BINS_AN_OCTAVE = 8;
const BINS = 34 * BINS_AN_OCTAVE;

/**
 * How long after their start conversations were told about. One that is still under way has no outcome yet, and a version
 * that takes longer has more of them at any moment: counted as unresolved, they would be a drop that is none.
 */
export class OutcomeDelays {
  readonly #counts: Record<Arm, Float64Array> = {
    canary: new Float64Array(BINS),
    stable: new Float64Array(BINS),
  };
  readonly #told = { canary: 0, stable: 0 };

  add({ arm, firstAt, resolved }: Pick<ConversationRecord, "arm" | "firstAt" | "resolved">): void {
    if (resolved === null) return;
    this.#counts[arm][binOf(resolved.at - firstAt)]! += 1;
    this.#told[arm] += 1;
  }

  /**
   * Age at which nearly all outcomes of both arms are told, milliseconds: that of the slower arm, for both alike. 0 while
   * none was told, or all were told at once.
   */
  get ageMs(): number {
    return Math.max(this.#ageOf("canary"), this.#ageOf("stable"));
  }

  #ageOf(arm: Arm): number {
    const needed = TOLD * this.#told[arm];
    let told = 0;
    for (let bin = 0; bin < BINS && needed > 0; bin++) {
      told += this.#counts[arm][bin]!;
      if (told >= needed) return upperEdge(bin);
    }
    return 0;
  }
}

function binOf(delayMs: number): number {
  if (!(delayMs > 0)) return 0;
  return Math.min(BINS - 1, 1 + Math.floor(Math.log2(Math.max(1, delayMs)) * BINS_AN_OCTAVE));
}

function upperEdge(bin: number): number {
  return bin === 0 ? 0 : 2 ** (bin / BINS_AN_OCTAVE);
}
