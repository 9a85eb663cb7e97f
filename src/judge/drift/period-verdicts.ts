import type { VerdictEntry } from "../../core/judgement.js";
import { currentVerdicts, type JudgeScheme } from "../comparison/judge-scheme.js";
import type { FinalVerdict } from "../final-verdicts.js";
import { type Period, type PeriodKind, periodBefore, periodOf } from "./period.js";

/** What a judge said within a period. */
export interface PeriodVerdicts {
  readonly period: Period;
  /** Version of the judge that gave the newest of these verdicts; only its verdicts count. */
  readonly judgeVersion: string;
  /** Other versions that judged within the period. */
  readonly otherVersions: number;
  /** By item. */
  readonly verdicts: ReadonlyMap<string, FinalVerdict>;
  /** Items that no version of the judge had seen before the period: its new traffic. */
  readonly newItems: ReadonlySet<string>;
}

/**
 * What a judge said within a period; `null` when it said nothing.
 *
 * @param entries - of all versions of one judge
 */
export function verdictsOfPeriod(
  entries: readonly VerdictEntry[],
  period: Period,
  scheme: JudgeScheme,
): PeriodVerdicts | null {
  const within = entries.filter(({ at }) => isWithin(Date.parse(at), period));
  const newest = within.reduce<VerdictEntry | null>(
    (best, entry) => (best === null || Date.parse(entry.at) >= Date.parse(best.at) ? entry : best),
    null,
  );
  if (newest === null) return null;
  const { judgeVersion } = newest;
  const seen = new Set(entries.filter(({ at }) => Date.parse(at) < period.from).map(({ item }) => item));
  const verdicts = currentVerdicts(
    within.filter((entry) => entry.judgeVersion === judgeVersion),
    scheme,
  );
  return {
    period,
    judgeVersion,
    otherVersions: new Set(within.map((entry) => entry.judgeVersion)).size - 1,
    verdicts,
    newItems: new Set([...verdicts.keys()].filter((item) => !seen.has(item))),
  };
}

/** The period to compare with: the newest one before in which the judge said anything; `null` when there is none. */
export function lastJudgedPeriod(
  entries: readonly VerdictEntry[],
  before: Period,
  kind: PeriodKind,
): Period | null {
  const times = entries.map(({ at }) => Date.parse(at)).filter((time) => time < before.from);
  if (times.length === 0) return null;
  const newest = times.reduce((most, time) => Math.max(most, time));
  const direct = periodBefore(before, kind);
  return isWithin(newest, direct) ? direct : periodOf(newest, kind);
}

function isWithin(time: number, { from, until }: Period): boolean {
  return time >= from && time < until;
}
