import type { TrialRow } from "../../metrics/metric.js";

/** One case to draw trials from. */
export interface SourceCase {
  readonly rows: readonly TrialRow[];
}

/** Cases that are drawn together: one group. */
interface SourceUnit {
  readonly cases: readonly SourceCase[];
}

/** Groups that are scored by the same metrics; a case of the plan is drawn from its own stratum. */
export interface Stratum {
  readonly units: readonly SourceUnit[];
  readonly rows: readonly TrialRow[];
}

/** A case of the golden set that is planned for. */
export interface PlannedCase {
  readonly caseId: string;
  readonly group: string;
}

/** The cases of one group of the plan, and where they are drawn from. */
export interface SlotUnit {
  readonly cases: readonly PlannedCase[];
  readonly stratum: Stratum;
}

/** Where the trials of drawn runs come from. */
export interface TrialPool {
  readonly slots: readonly SlotUnit[];
  readonly strata: readonly Stratum[];
  /**
   * Chance that a drawn trial is of another case: how far two runs of one agent differ beyond what the repeated trials of
   * a case show.
   */
  readonly redraw: number;
}

/** How cases are told apart before they are drawn. */
export interface PoolRules {
  /** Names of the case metrics that the rules look at. */
  readonly metrics: readonly string[];
  /** What else a case must share with the one that it stands for, e.g. its risk where rules look at slices by risk. */
  readonly labelOf: (caseId: string) => string;
  /** Cases that stand for themselves alone: those that a rule names. */
  readonly isPinned: (caseId: string) => boolean;
}

/**
 * Sorts stored trials by case and group, and gives each group of the plan a stratum: groups on which the same metrics
 * have scores, so that as many cases are scored in each drawn run as in a real one. Groups of which nothing is stored
 * take the strata in turn.
 *
 * @param rows - trials that completed, at least one
 */
export function trialPool(
  rows: readonly TrialRow[],
  cases: readonly PlannedCase[],
  { metrics, labelOf, isPinned }: PoolRules,
): Omit<TrialPool, "redraw"> {
  const stored = storedUnits(rows, metrics, labelOf);
  const byKey = new Map<string, SourceUnit[]>();
  for (const { key, unit } of stored.values()) byKey.set(key, [...(byKey.get(key) ?? []), unit]);
  const strata = new Map([...byKey].map(([key, units]): [string, Stratum] => [key, stratumOf(units)]));
  const keys = [...stored.values()].map(({ key }) => key);
  const slots = [...slotGroups(cases)].map(([name, own], index): SlotUnit => {
    const found = stored.get(name);
    const stratum = strata.get(found?.key ?? (keys[index % keys.length] as string)) as Stratum;
    const isOwn = found !== undefined && own.some(({ caseId }) => isPinned(caseId));
    return { cases: own, stratum: isOwn ? { units: [found.unit], rows: stratum.rows } : stratum };
  });
  return { slots, strata: [...new Set(slots.map(({ stratum }) => stratum))] };
}

interface StoredUnit {
  readonly unit: SourceUnit;
  readonly key: string;
}

function storedUnits(
  rows: readonly TrialRow[],
  metrics: readonly string[],
  labelOf: (caseId: string) => string,
): Map<string, StoredUnit> {
  const groups = new Map<string, Map<string, TrialRow[]>>();
  for (const row of rows) {
    const group = groups.get(row.group) ?? new Map<string, TrialRow[]>();
    groups.set(row.group, group);
    const known = group.get(row.caseId);
    if (known === undefined) group.set(row.caseId, [row]);
    else known.push(row);
  }
  return new Map(
    [...groups].map(([name, byCase]): [string, StoredUnit] => {
      const unit = { cases: [...byCase.values()].map((own) => ({ rows: own })) };
      const labels = [...byCase.keys()].map(labelOf);
      return [name, { unit, key: JSON.stringify([scoredMetrics(unit, metrics), ...labels]) }];
    }),
  );
}

function scoredMetrics({ cases }: SourceUnit, metrics: readonly string[]): string[] {
  return metrics.filter((metric) =>
    cases.some((one) => one.rows.some((row) => (row.scores[metric]?.value ?? null) !== null)),
  );
}

function stratumOf(units: readonly SourceUnit[]): Stratum {
  return { units, rows: units.flatMap((unit) => unit.cases.flatMap((one) => one.rows)) };
}

function slotGroups(cases: readonly PlannedCase[]): Map<string, PlannedCase[]> {
  const groups = new Map<string, PlannedCase[]>();
  for (const one of cases) {
    const known = groups.get(one.group);
    if (known === undefined) groups.set(one.group, [one]);
    else known.push(one);
  }
  return groups;
}
