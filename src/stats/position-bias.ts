import { mcnemarExact } from "./mcnemar-exact.js";
import { StatisticsError } from "./statistics-error.js";
import { requireSameLength } from "./validate.js";

/** A judge's winner of a pair of answers: the answer itself, whatever its slot. */
export type PairVerdict = "A" | "B" | "tie";

/** Whether a judge prefers a slot. */
export interface PositionBias {
  /** Pairs judged in both orders. */
  readonly n: number;
  /** Share of pairs with the same winner in both orders, in [0, 1]; `null` without pairs. */
  readonly consistency: number | null;
  /** Pairs whose winner was whichever answer came first. */
  readonly firstOnly: number;
  /** Pairs whose winner was whichever answer came second. */
  readonly secondOnly: number;
  /** (firstOnly - secondOnly) / n: above 0 favours the first slot; `null` without pairs. */
  readonly bias: number | null;
  /** Exact two-sided p that both slots are favoured alike; 1 when no verdict flipped. */
  readonly p: number;
}

/**
 * Position bias of a judge that saw each pair in both orders. A verdict that turns from or into a tie is
 * inconsistent, but favours no slot.
 *
 * @param shownAB - winner when A was shown first
 * @param shownBA - winner of the same pair when B was shown first
 * @throws {StatisticsError} if the lengths differ or a verdict is not "A", "B" or "tie"
 * @see Zheng et al. 2023, Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena
 */
export function positionBias(shownAB: readonly PairVerdict[], shownBA: readonly PairVerdict[]): PositionBias {
  requireSameLength("shownAB", shownAB, "shownBA", shownBA);
  for (const verdict of [...shownAB, ...shownBA]) {
    if (verdict !== "A" && verdict !== "B" && verdict !== "tie") {
      throw new StatisticsError(`expected verdicts "A", "B" or "tie", found ${String(verdict)}`);
    }
  }
  const n = shownAB.length;
  const pairsWith = (first: PairVerdict, second: PairVerdict) =>
    shownAB.filter((verdict, index) => verdict === first && shownBA[index] === second).length;
  const firstOnly = pairsWith("A", "B");
  const secondOnly = pairsWith("B", "A");
  const same = shownAB.filter((verdict, index) => verdict === shownBA[index]).length;
  return {
    n,
    consistency: n === 0 ? null : same / n,
    firstOnly,
    secondOnly,
    bias: n === 0 ? null : (firstOnly - secondOnly) / n,
    p: mcnemarExact(firstOnly, secondOnly, "two-sided").p,
  };
}
