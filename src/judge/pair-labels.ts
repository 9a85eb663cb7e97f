import { PAIR } from "../config/judge/scale-categories.js";
import { type PairVerdict, type PositionBias, positionBias } from "../stats/position-bias.js";

/**
 * How to read labels of a pair: the first category that is no tie stands for the answer that came first.
 *
 * @returns `null` when the categories are not two, and a tie if need be
 */
export function pairReader(categories: readonly string[]): ((label: string) => PairVerdict | null) | null {
  const answers = categories.filter((category) => !isTie(category));
  if (answers.length !== 2 || categories.length - answers.length > 1) return null;
  return (label) => {
    if (isTie(label)) return "tie";
    if (label === answers[0]) return "A";
    return label === answers[1] ? "B" : null;
  };
}

/**
 * Position bias of verdicts on the same pairs in both orders, mapped back to the first; those without a usable label in one
 * order are left out. `null` when the categories are not those of a pair.
 */
export function biasOfOrders(
  verdicts: readonly (readonly [first: string | null, swapped: string | null])[],
  categories: readonly string[],
): PositionBias | null {
  const read = pairReader(categories);
  if (read === null) return null;
  const winners = verdicts.flatMap(([first, swapped]) => {
    const one = first === null ? null : read(first);
    const other = swapped === null ? null : read(swapped);
    return one === null || other === null ? [] : [[one, other] as const];
  });
  return positionBias(
    winners.map(([first]) => first),
    winners.map(([, swapped]) => swapped),
  );
}

/** The category that stands for a tie; that of judge files when there is none. */
export function tieOf(categories: readonly string[]): string {
  return categories.find(isTie) ?? PAIR.tie;
}

function isTie(category: string): boolean {
  return category.toLowerCase() === PAIR.tie;
}
