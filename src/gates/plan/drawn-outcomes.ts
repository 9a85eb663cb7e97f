import type { Metric, TrialRow } from "../../metrics/metric.js";

/** Of each row 0, 1, or `NO_OUTCOME` where it has no score. */
export type Outcomes = Int8Array;

const NO_OUTCOME = -1;

/** Scores of a metric of outcomes, row by row; `null` where they are anything but 0, 1 or missing. */
export function outcomesOf(rows: readonly TrialRow[], metric: Metric): Outcomes | null {
  if (metric.level !== "case" || metric.aggregate !== "proportion") return null;
  const outcomes = new Int8Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] as TrialRow;
    const value = row.scores[metric.name]?.value ?? null;
    if (row.status === "error" || (value !== null && value !== 0 && value !== 1)) return null;
    outcomes[at] = value ?? NO_OUTCOME;
  }
  return outcomes;
}

/**
 * What a verdict on outcomes of independent cases rests on, as a key: how many failed, passed and have none.
 *
 * @param at - the rows that count; `null`: all
 */
export function tallyKey(outcomes: Outcomes, at: Int32Array | null): string {
  const counts = [0, 0, 0];
  const size = at === null ? outcomes.length : at.length;
  for (let index = 0; index < size; index += 1) {
    const own = outcomes[at === null ? index : (at[index] as number)] as number;
    counts[own + 1] = (counts[own + 1] as number) + 1;
  }
  return counts.join("/");
}

/** The same of pairs, which count where both have an outcome: the four cells of their table. */
export function pairsKey(before: Outcomes, after: Outcomes, at: Int32Array | null): string {
  const cells = [0, 0, 0, 0];
  const size = at === null ? before.length : at.length;
  for (let index = 0; index < size; index += 1) {
    const row = at === null ? index : (at[index] as number);
    const [a, b] = [before[row] as number, after[row] as number];
    if (a === NO_OUTCOME || b === NO_OUTCOME) continue;
    cells[2 * a + b] = (cells[2 * a + b] as number) + 1;
  }
  return cells.join("/");
}
