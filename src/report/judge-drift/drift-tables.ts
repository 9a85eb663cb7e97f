import type { JudgeDriftReport } from "../../judge/drift/drift-page.js";
import type { DriftCheckName, PeriodSummary } from "../../judge/drift/drift-report.js";
import { formatScore, formatShare, limitsOf } from "../agreement-words.js";
import { shortHash } from "../format.js";

/** A table for text and Markdown alike; all columns but the first are numbers or short words. */
export interface DriftTable {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const CHECKS: { readonly [Check in DriftCheckName]: string } = {
  kappa: "kappa with people",
  floor: "kappa against the floor",
  anchors: "verdicts on the same items",
  traffic: "verdicts on new traffic",
  unusable: "verdicts that cannot be used",
};

const STATUSES = { alarm: "ALARM", quiet: "quiet", "not-run": "not run" } as const;

/** What the judge did in each of the two periods. */
export function periodTable({ last, current }: JudgeDriftReport): DriftTable {
  const periods = last === null ? [current] : [last, current];
  return {
    titles: ["period", "version", "judged", "unusable", "labelled", "agreement", "kappa", "interval"],
    rows: periods.map(periodRow),
  };
}

/** Every check with its p and what it found. */
export function checkTable({ checks }: JudgeDriftReport): DriftTable {
  return {
    titles: ["check", "", "p", "finding"],
    rows: checks.map(({ check, status, p, finding }) => [
      CHECKS[check],
      STATUSES[status],
      p === null ? "" : formatScore(p),
      finding,
    ]),
  };
}

/** Share of each label on new traffic in both periods; `null` when it cannot be compared. */
export function trafficTable({ traffic, last, current }: JudgeDriftReport): DriftTable | null {
  if (traffic === null || last === null || traffic.last + traffic.current === 0) return null;
  const share = (count: number, total: number) =>
    total === 0 ? "none" : `${count} (${formatShare(count / total)})`;
  return {
    titles: ["label", last.name, current.name],
    rows: traffic.categories.map((row) => [
      row.category,
      share(row.last, traffic.last),
      share(row.current, traffic.current),
    ]),
  };
}

/** How often the checks cry wolf. */
export function alarmSentence({ checks, alarmBelow, falseAlarmRate, period }: JudgeDriftReport): string {
  const every = Math.round(1 / falseAlarmRate);
  return (
    `A check raises an alarm at p < ${formatScore(alarmBelow)}; all ${checks.length} together raise a false one ` +
    `at most once in ${every} ${period}s.`
  );
}

function periodRow(period: PeriodSummary): readonly string[] {
  const { name, judgeVersion, otherVersions, judged, unusable, labelled, agreement } = period;
  const version = judgeVersion === null ? "none" : shortHash(judgeVersion);
  return [
    name,
    otherVersions === 0 ? version : `${version} (${otherVersions} more)`,
    String(judged),
    String(unusable),
    String(labelled),
    formatScore(agreement.agreement.estimate),
    formatScore(agreement.kappa),
    limitsOf(agreement),
  ];
}
