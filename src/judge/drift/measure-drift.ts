import type { VerdictEntry } from "../../core/judgement.js";
import { contingencyTable } from "../../stats/contingency-table.js";
import { mcnemarExact } from "../../stats/mcnemar-exact.js";
import { stuartMaxwell } from "../../stats/stuart-maxwell.js";
import { agreementWith, type JudgeAgreement, shareOf } from "../comparison/compare-judges.js";
import type { JudgeScheme } from "../comparison/judge-scheme.js";
import { ALARM_BELOW, driftChecks, driftVerdict, FALSE_ALARM_RATE } from "./drift-checks.js";
import type { AnchorShift, ChangedAnchor, JudgeDrift, PeriodSummary } from "./drift-report.js";
import { kappaChange } from "./kappa-change.js";
import { nextSteps } from "./next-steps.js";
import { type Period, type PeriodKind, periodOf } from "./period.js";
import { lastJudgedPeriod, type PeriodVerdicts, verdictsOfPeriod } from "./period-verdicts.js";
import { verdictShift } from "./verdict-shift.js";

export interface DriftInput {
  readonly judge: string;
  readonly rubric: string;
  /** Of all versions of the judge, in the order in which they were added. */
  readonly entries: readonly VerdictEntry[];
  /** Label of people by item, as it is now. */
  readonly truths: ReadonlyMap<string, string>;
  readonly scheme: JudgeScheme;
  readonly period: PeriodKind;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Items that are judged again each period; `null`: all that were judged in both. */
  readonly anchors: { readonly items: ReadonlySet<string>; readonly source: string } | null;
  /** Confidence of the intervals, in (0, 1). */
  readonly level: number;
  readonly seed: number;
}

/** A judged item with a usable verdict. */
interface UsableVerdict {
  readonly item: string;
  readonly value: string;
}

/**
 * Compares what a judge said in the period of a moment with what it said in the newest period before. Labels are those
 * of now: people may label what was judged long ago.
 */
export function measureDrift(input: DriftInput): JudgeDrift {
  const { entries, scheme, truths, at, anchors, period: kind, level } = input;
  const currentPeriod = periodOf(at, kind);
  const lastPeriod = lastJudgedPeriod(entries, currentPeriod, kind);
  const current = verdictsOfPeriod(entries, currentPeriod, scheme);
  const last = lastPeriod === null ? null : verdictsOfPeriod(entries, lastPeriod, scheme);
  const usable = { last: usableOf(last, scheme), current: usableOf(current, scheme) };
  const shared = new Map(
    usable.last
      .filter(({ item }) => anchors === null || anchors.items.has(item))
      .map((one) => [one.item, one.value]),
  );
  const both = usable.current.flatMap(({ item, value }): ChangedAnchor[] => {
    const before = shared.get(item);
    return before === undefined
      ? []
      : [{ item, truth: truths.get(item) ?? null, last: before, current: value }];
  });
  const isAnchor = (item: string) =>
    anchors?.items.has(item) === true ||
    (last?.verdicts.has(item) === true && current?.verdicts.has(item) === true);
  const traffic = (one: PeriodVerdicts | null, values: readonly UsableVerdict[]) =>
    values
      .filter(({ item }) => one?.newItems.has(item) === true && !isAnchor(item))
      .map(({ value }) => value);
  const facts = {
    current: summaryOf(currentPeriod, current, usable.current, isAnchor, input),
    last: lastPeriod === null ? null : summaryOf(lastPeriod, last, usable.last, isAnchor, input),
    kappaChange: kappaChange(usable.last, usable.current, both, input),
    anchors: both.length === 0 ? null : anchorShift(both, scheme, level),
    traffic:
      last === null || current === null
        ? null
        : verdictShift(scheme.rules.categories, traffic(last, usable.last), traffic(current, usable.current)),
  };
  const upperLimits = {
    last: upperLimit(usable.last, input),
    current: upperLimit(usable.current, input),
  };
  const checks = driftChecks({ ...facts, upperLimits }, scheme);
  const found = { ...facts, checks, ...driftVerdict(checks) };
  return {
    judge: input.judge,
    rubric: input.rubric,
    period: kind,
    at: new Date(at).toISOString(),
    level,
    falseAlarmRate: FALSE_ALARM_RATE,
    alarmBelow: ALARM_BELOW,
    floor: scheme.floor,
    minLabels: scheme.minLabels,
    anchorSet: anchors === null ? null : { source: anchors.source, items: anchors.items.size },
    ...found,
    changedAnchors: both.filter((one) => one.last !== one.current),
    nextSteps: nextSteps(found, { judge: input.judge, minLabels: scheme.minLabels }),
  };
}

function usableOf(period: PeriodVerdicts | null, { rules }: JudgeScheme): readonly UsableVerdict[] {
  return [...(period?.verdicts ?? [])].flatMap(([item, { value }]) =>
    value !== null && rules.categories.includes(value) ? [{ item, value }] : [],
  );
}

function summaryOf(
  { name, from, until }: Period,
  period: PeriodVerdicts | null,
  usable: readonly UsableVerdict[],
  isAnchor: (item: string) => boolean,
  { truths, scheme, level }: DriftInput,
): PeriodSummary {
  const labelled = labelledOf(usable, truths);
  const judged = period?.verdicts.size ?? 0;
  return {
    name,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    judgeVersion: period?.judgeVersion ?? null,
    otherVersions: period?.otherVersions ?? 0,
    judged,
    unusable: judged - usable.length,
    newItems: [...(period?.newItems ?? [])].filter((item) => !isAnchor(item)).length,
    labelled: labelled.length,
    agreement: agreementOf(labelled, scheme, level),
  };
}

function labelledOf(usable: readonly UsableVerdict[], truths: ReadonlyMap<string, string>) {
  return usable.flatMap(({ item, value }) => {
    const truth = truths.get(item);
    return truth === undefined ? [] : [{ truth, value }];
  });
}

function agreementOf(
  labelled: readonly { readonly truth: string; readonly value: string }[],
  { rules, weights }: JudgeScheme,
  level: number,
): JudgeAgreement {
  return agreementWith(
    labelled.map(({ truth }) => truth),
    labelled.map(({ value }) => value),
    { categories: rules.categories, weights, level },
  );
}

function upperLimit(usable: readonly UsableVerdict[], { truths, scheme }: DriftInput): number | null {
  return agreementOf(labelledOf(usable, truths), scheme, 1 - 2 * ALARM_BELOW).upper;
}

function anchorShift(both: readonly ChangedAnchor[], { rules }: JudgeScheme, level: number): AnchorShift {
  const { categories } = rules;
  const { counts } = contingencyTable(
    both.map(({ last }) => last),
    both.map(({ current }) => current),
    categories,
  );
  const same = both.filter(({ last, current }) => last === current).length;
  return {
    n: both.length,
    same: shareOf(same, both.length, level),
    categories,
    transitions: counts,
    ...marginalTest(counts),
  };
}

/** Whether the shares of the categories differ; of two categories that occur the exact test. */
function marginalTest(counts: readonly (readonly number[])[]): Pick<AnchorShift, "p" | "method"> {
  const used = counts.flatMap((row, index) =>
    row.some((count) => count > 0) || counts.some((other) => (other[index] ?? 0) > 0) ? [index] : [],
  );
  const [first, second, third] = used;
  if (first === undefined) return { p: null, method: null };
  if (second === undefined) return { p: 1, method: "mcnemar" };
  if (third === undefined) {
    const [away, back] = [counts[first]?.[second] ?? 0, counts[second]?.[first] ?? 0];
    return { p: mcnemarExact(away, back, "two-sided").p, method: "mcnemar" };
  }
  const table = used.map((row) => used.map((column) => counts[row]?.[column] ?? 0));
  return { p: stuartMaxwell(table).p, method: "stuart-maxwell" };
}
