import { StatisticsError } from "./statistics-error.js";

export interface BernoulliCusumOptions {
  /** Event rate in control, in (0, 1). */
  readonly p0: number;
  /** Event rate to find, in (0, 1), above or below p0 but not equal. */
  readonly p1: number;
  /** Decision limit on the log-likelihood-ratio scale, at least 0. */
  readonly limit: number;
}

export interface BernoulliCusum {
  /** The sum after each event; never below 0. */
  readonly path: readonly number[];
  /** 0-based index of the first sum strictly above the limit; `null` if none. */
  readonly firstSignal: number | null;
}

/**
 * Log-likelihood-ratio CUSUM for a change of an event rate from p0 to p1.
 *
 * @param events - 1 where the event happened, else 0
 * @throws {StatisticsError} if an entry is not 0 or 1, or an option is out of range
 * @see Reynolds and Stoumbos 1999, J Qual Technol 31(1):87
 */
export function bernoulliCusum(events: readonly number[], options: BernoulliCusumOptions): BernoulliCusum {
  const { p0, p1, limit } = options;
  for (const [name, rate] of Object.entries({ p0, p1 })) {
    if (!(rate > 0 && rate < 1)) throw new StatisticsError(`expected ${name} between 0 and 1, found ${rate}`);
  }
  if (p0 === p1) throw new StatisticsError(`expected p1 to differ from p0, found ${p1} twice`);
  if (!(limit >= 0 && limit < Number.POSITIVE_INFINITY)) {
    throw new StatisticsError(`expected a limit of at least 0, found ${limit}`);
  }
  const onEvent = Math.log(p1 / p0);
  const onNone = Math.log1p(-p1) - Math.log1p(-p0);
  let sum = 0;
  const path = events.map((event, index) => {
    if (event !== 0 && event !== 1) {
      throw new StatisticsError(`expected events[${index}] to be 0 or 1, found ${String(event)}`);
    }
    sum = Math.max(0, sum + (event === 1 ? onEvent : onNone));
    return sum;
  });
  const first = path.findIndex((value) => value > limit);
  return { path, firstSignal: first === -1 ? null : first };
}
