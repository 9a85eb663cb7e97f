import { chiSquareUpperTail } from "./chi-square.js";
import { StatisticsError } from "./statistics-error.js";
import { requireCount } from "./validate.js";

/** Whether two ratings of the same items use the categories equally often. */
export interface StuartMaxwell {
  /** Stuart's chi-square; `null` without items. */
  readonly chi2: number | null;
  /** Degrees of freedom: categories that items moved between, less one for each group that is closed in itself. */
  readonly df: number | null;
  /** 1 when no item moved; `null` without items. */
  readonly p: number | null;
  /** Bhapkar's chi-square on the same degrees, the larger one; `null` when every item moved one way. */
  readonly bhapkar: { readonly chi2: number; readonly p: number } | null;
  readonly n: number;
  /** Items off the diagonal. */
  readonly moved: number;
  /** Categories (by index) without an item off the diagonal, used or not: they say nothing and are left out. */
  readonly dropped: readonly number[];
  readonly reason: string | null;
}

/**
 * Stuart–Maxwell test of marginal homogeneity. On two categories it is McNemar's chi-square without correction.
 * Where items move only within groups of categories the covariance matrix is singular; each group is then tested
 * for itself and the statistics and degrees are added, which is the test with the generalised inverse.
 *
 * @param table - `table[i][j]`: items in category i by the first rating and j by the second
 * @throws {StatisticsError} if the table is not square or an entry is no count
 * @see Stuart 1955, Biometrika 42(3/4):412; Maxwell 1970, Br J Psychiatry 116(535):651; Bhapkar 1966, JASA 61(313):228
 */
export function stuartMaxwell(table: readonly (readonly number[])[]): StuartMaxwell {
  requireSquare(table);
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const n = total(table.map(total));
  const groups = closedGroups(table);
  const dropped = groups.filter((group) => group.length === 1).flat();
  const moved = n - total(table.map((row, index) => row[index]!));
  const about = { n, moved, dropped };
  if (n === 0) {
    return { chi2: null, df: null, p: null, bhapkar: null, ...about, reason: "no item has both ratings" };
  }
  const chi2 = total(groups.map((group) => statisticOf(table, group)));
  const df = total(groups.map((group) => group.length - 1));
  const tail = (statistic: number) => (df === 0 ? 1 : Math.min(1, chiSquareUpperTail(statistic, df)));
  // Bhapkar's covariance subtracts the squared differences over n: his statistic is a function of Stuart's.
  const stretched = n - chi2 <= 1e-9 * n ? null : chi2 / (1 - chi2 / n);
  const bhapkar = stretched === null ? null : { chi2: stretched, p: tail(stretched) };
  return { chi2, df, p: tail(chi2), bhapkar, ...about, reason: null };
}

function requireSquare(table: readonly (readonly number[])[]): void {
  for (const [index, row] of table.entries()) {
    if (row.length !== table.length) {
      throw new StatisticsError(`expected ${table.length} columns in row ${index}, found ${row.length}`);
    }
    for (const [column, count] of row.entries()) requireCount(`table[${index}][${column}]`, count);
  }
}

/** Categories joined by items that moved between them, in ascending order. */
function closedGroups(table: readonly (readonly number[])[]): number[][] {
  const groupOf = table.map((_, index) => index);
  for (const [i, row] of table.entries()) {
    for (const [j, count] of row.entries()) {
      if (count === 0 || groupOf[i] === groupOf[j]) continue;
      const [kept, joined] = [groupOf[i]!, groupOf[j]!];
      for (const [index, group] of groupOf.entries()) if (group === joined) groupOf[index] = kept;
    }
  }
  const groups = new Map<number, number[]>();
  for (const [index, group] of groupOf.entries()) {
    groups.set(group, [...(groups.get(group) ?? []), index]);
  }
  return [...groups.values()];
}

/** Stuart's statistic of one group; its last category follows from the others. */
function statisticOf(table: readonly (readonly number[])[], group: readonly number[]): number {
  const moves = (i: number, j: number) => table[i]![j]! + table[j]![i]!;
  const free = group.slice(0, -1);
  const differences = free.map((i) => group.reduce((sum, j) => sum + table[i]![j]! - table[j]![i]!, 0));
  const covariance = free.map((i) =>
    free.map((j) =>
      i === j ? group.reduce((sum, other) => (other === i ? sum : sum + moves(i, other)), 0) : -moves(i, j),
    ),
  );
  return quadraticForm(covariance, differences);
}

/** v' M⁻¹ v by elimination; M is a diagonally dominant matrix of a connected group, so no pivot is zero. */
function quadraticForm(matrix: readonly (readonly number[])[], vector: readonly number[]): number {
  const rows = matrix.map((row) => [...row]);
  const rest = [...vector];
  let form = 0;
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const own = rows[pivot]!;
    for (let row = pivot + 1; row < rows.length; row++) {
      const factor = rows[row]![pivot]! / own[pivot]!;
      for (let column = pivot; column < rows.length; column++) rows[row]![column]! -= factor * own[column]!;
      rest[row]! -= factor * rest[pivot]!;
    }
    form += rest[pivot]! ** 2 / own[pivot]!;
  }
  return form;
}
