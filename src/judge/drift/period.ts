/** Kinds of periods that are compared. */
export type PeriodKind = "week" | "month";

/** A calendar week or month in UTC. */
export interface Period {
  /** `2026-W01` (ISO 8601) or `2026-01`. */
  readonly name: string;
  /** First millisecond, since the Unix epoch. */
  readonly from: number;
  /** First millisecond after it. */
  readonly until: number;
}

const MS_PER_DAY = 86_400_000;
const DAYS_OF_WEEK = 7;

/**
 * The period that a moment falls into, in UTC. ISO weeks begin on Monday and belong to the year of their Thursday: the
 * first days of January may lie in the last week of the year before, and the last of December in week 1 of the next.
 *
 * @param time - milliseconds since the Unix epoch
 * @see ISO 8601-1:2019, 4.3.2.2
 */
export function periodOf(time: number, kind: PeriodKind): Period {
  return kind === "week" ? weekOf(time) : monthOf(time);
}

/** The period just before. */
export function periodBefore(period: Period, kind: PeriodKind): Period {
  return periodOf(period.from - 1, kind);
}

function weekOf(time: number): Period {
  const day = Math.floor(time / MS_PER_DAY);
  // The Unix epoch was a Thursday, day 3 of a week that begins on Monday.
  const monday = day - ((((day + 3) % DAYS_OF_WEEK) + DAYS_OF_WEEK) % DAYS_OF_WEEK);
  const thursday = monday + 3;
  const year = new Date(thursday * MS_PER_DAY).getUTCFullYear();
  const firstDay = Date.UTC(year, 0, 1) / MS_PER_DAY;
  const week = Math.floor((thursday - firstDay) / DAYS_OF_WEEK) + 1;
  return {
    name: `${year}-W${String(week).padStart(2, "0")}`,
    from: monday * MS_PER_DAY,
    until: (monday + DAYS_OF_WEEK) * MS_PER_DAY,
  };
}

function monthOf(time: number): Period {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return {
    name: `${year}-${String(month + 1).padStart(2, "0")}`,
    from: Date.UTC(year, month),
    until: Date.UTC(year, month + 1),
  };
}
