import { requireProbability } from "./validate.js";

/**
 * The p-values that exist, smallest first, each with its place in the list.
 *
 * @throws {StatisticsError} if a value is neither `null` nor in [0, 1]
 */
export function orderOfPValues(pValues: readonly (number | null)[]): { p: number; index: number }[] {
  const present: { p: number; index: number }[] = [];
  pValues.forEach((p, index) => {
    if (p === null) return;
    requireProbability(`p-value ${index}`, p);
    present.push({ p, index });
  });
  return present.sort((a, b) => a.p - b.p);
}
