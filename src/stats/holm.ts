import { orderOfPValues } from "./order-of-p-values.js";

/**
 * Holm's step-down adjusted p-values: they control the chance of even one false finding, under any dependence.
 *
 * @param pValues - in [0, 1]; `null` is left out of the count and stays `null`
 * @returns adjusted values in the order given, at most 1
 * @throws {StatisticsError} if a value is neither `null` nor in [0, 1]
 * @see Holm 1979, Scandinavian Journal of Statistics 6(2):65
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const order = orderOfPValues(pValues);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let largest = 0;
  order.forEach(({ p, index }, rank) => {
    largest = Math.min(1, Math.max(largest, (order.length - rank) * p));
    adjusted[index] = largest;
  });
  return adjusted;
}
