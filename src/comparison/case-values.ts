import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import type { Metric, TrialRow } from "../metrics/metric.js";
import { passAtK, passHatK } from "../stats/pass-at-k.js";
import { caseIndexOf, IndexedValues } from "./case-index.js";
import { crashesAsFailures } from "./evidence.js";

/** The scored trials of one case. */
export interface CaseValue {
  readonly group: string;
  /** Trials. */
  count: number;
  sum: number;
  /** Whether every value is 0 or 1. */
  isBinary: boolean;
}

/** Values by case id. */
export type CaseValues = Pick<
  ReadonlyMap<string, CaseValue>,
  "size" | "has" | "get" | "keys" | "values" | typeof Symbol.iterator
>;

/**
 * The values of a metric by case, for metrics whose estimate is a mean over trials or cases; `null` for others
 * (quantiles, ratios of sums). Cases without a scored trial are left out.
 */
export function caseValuesOf(metric: Metric, rows: readonly TrialRow[]): CaseValues | null {
  const known = latest.get(rows);
  if (known?.metric === metric) return known.values;
  const values = computed(metric, rows);
  latest.set(rows, { metric, values });
  return values;
}

/** The values of the metric that was asked for last: a comparison asks several times in a row for one. */
const latest = new WeakMap<
  readonly TrialRow[],
  { readonly metric: Metric; readonly values: CaseValues | null }
>();

function computed(metric: Metric, rows: readonly TrialRow[]): CaseValues | null {
  if (metric.level === "case") {
    const counted = metric.name === TASK_SUCCESS ? crashesAsFailures(rows) : rows;
    return gather(counted, (row) =>
      row.status === "error" ? null : (row.scores[metric.name]?.value ?? null),
    );
  }
  const { statistic } = metric;
  if (statistic?.kind === "mean" || statistic?.kind === "sum") return gather(rows, statistic.valueOf);
  if (statistic?.kind === "pass") {
    const successes = gather(crashesAsFailures(rows), (row) => row.scores[TASK_SUCCESS]?.value ?? null);
    return passChances(successes, statistic.k, statistic.of);
  }
  return null;
}

function gather(rows: readonly TrialRow[], pick: (row: TrialRow) => number | null): CaseValues {
  const cases = caseIndexOf(rows);
  const values = new Array<CaseValue | undefined>(cases.ids.length).fill(undefined);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] as TrialRow;
    const value = pick(row);
    if (value === null) continue;
    const own = cases.ofRow[at] as number;
    const known = values[own];
    const isBinary = value === 0 || value === 1;
    if (known === undefined) {
      values[own] = { group: row.group, count: 1, sum: value, isBinary };
    } else {
      known.count += 1;
      known.sum += value;
      known.isBinary &&= isBinary;
    }
  }
  return new IndexedValues(cases, values);
}

/** Chance of each case that all (or any) of k trials succeed; `null` when a case has fewer than k trials. */
function passChances(successes: CaseValues, k: number, of: "all" | "any"): CaseValues | null {
  const tasks = [...successes.values()].map(({ count, sum }) => ({ n: count, c: sum }));
  if (tasks.some(({ n }) => n < k)) return null;
  const { perTask } = (of === "all" ? passHatK : passAtK)(tasks, k);
  return new Map(
    [...successes].map(([id, { group }], index) => {
      const chance = perTask[index] ?? 0;
      return [id, { group, count: 1, sum: chance, isBinary: chance === 0 || chance === 1 }];
    }),
  );
}
