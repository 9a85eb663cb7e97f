import { StatisticsError } from "./statistics-error.js";

/** @throws {StatisticsError} unless `value` is a whole number of at least `minimum` */
export function requireCount(name: string, value: number, minimum = 0): void {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new StatisticsError(`expected ${name} to be a whole number of at least ${minimum}, found ${value}`);
  }
}

/** @throws {StatisticsError} unless both are counts and `successes` is at most `trials` */
export function requireSuccesses(successes: number, trials: number): void {
  requireCount("successes", successes);
  requireCount("trials", trials);
  if (successes > trials) {
    throw new StatisticsError(`expected at most ${trials} successes of ${trials} trials, found ${successes}`);
  }
}

/** @throws {StatisticsError} unless `level` lies strictly between 0 and 1 */
export function requireLevel(level: number): void {
  if (!Number.isFinite(level) || level <= 0 || level >= 1) {
    throw new StatisticsError(`expected a confidence level between 0 and 1, found ${level}`);
  }
}

/** @throws {StatisticsError} unless `value` lies in [0, 1] */
export function requireProbability(name: string, value: number): void {
  // Number.isFinite refuses null, which compares as 0.
  if (!Number.isFinite(value) || value < 0 || value > 1) {
    throw new StatisticsError(`expected ${name} to lie in [0, 1], found ${value}`);
  }
}

/** @throws {StatisticsError} on the first value that is no finite number (NaN, Infinity, null) */
export function requireFinite(name: string, values: ArrayLike<number>): void {
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) {
      throw new StatisticsError(
        `expected ${name}[${index}] to be a finite number, found ${String(values[index])}`,
      );
    }
  }
}

/** @throws {StatisticsError} if the lengths differ */
export function requireSameLength(
  nameA: string,
  a: { readonly length: number },
  nameB: string,
  b: { readonly length: number },
): void {
  if (a.length !== b.length) {
    throw new StatisticsError(
      `expected ${nameA} and ${nameB} of one length, found ${a.length} and ${b.length}`,
    );
  }
}
