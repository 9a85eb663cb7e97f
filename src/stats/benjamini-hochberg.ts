import { orderOfPValues } from "./order-of-p-values.js";

/**
 * Benjamini and Hochberg's step-up adjusted p-values: they control the expected share of false findings among the
 * findings, for independent or positively dependent tests.
 *
 * @param pValues - in [0, 1]; `null` is left out of the count and stays `null`
 * @returns adjusted values in the order given, at most 1
 * @throws {StatisticsError} if a value is neither `null` nor in [0, 1]
 * @see Benjamini and Hochberg 1995, JRSS B 57(1):289
 */
export function benjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  const order = orderOfPValues(pValues);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let smallest = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const { p, index } = order[rank - 1]!;
    smallest = Math.min(smallest, (order.length / rank) * p);
    adjusted[index] = smallest;
  }
  return adjusted;
}
