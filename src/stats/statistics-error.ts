/**
 * Input that no statistic is defined for: a negative count, NaN inside data, lengths that differ, a level
 * outside (0, 1). Missing data is not an error: statistics answer `null` there.
 */
export class StatisticsError extends RangeError {
  readonly code = "STATISTICS_INPUT";

  constructor(message: string) {
    super(message);
    this.name = "StatisticsError";
  }
}
