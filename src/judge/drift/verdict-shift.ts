import { chiSquareUpperTail } from "../../stats/chi-square.js";
import { fisherExact } from "../../stats/fisher-exact.js";

/** Whether verdicts are spread over the categories as before. */
export interface VerdictShift {
  readonly categories: readonly {
    readonly category: string;
    readonly last: number;
    readonly current: number;
  }[];
  /** Verdicts of each period. */
  readonly last: number;
  readonly current: number;
  /** Probability of a difference this large when nothing has changed; `null` when nothing can be compared. */
  readonly p: number | null;
  /** `chi-square`, or Fisher's exact test where two groups of categories are left. */
  readonly method: "chi-square" | "fisher" | null;
  /** Of the chi-square test; `null` for Fisher's. */
  readonly chiSquare: number | null;
  readonly degrees: number | null;
}

/** Expected verdicts in a cell below which the chi-square distribution does not hold. */
const LEAST_EXPECTED = 5;

type Cell = readonly [last: number, current: number];

/**
 * Compares the verdicts of two periods by Pearson's chi-square test of homogeneity. The rarest categories are pooled until
 * each cell is expected to hold 5; when only two groups are left Fisher's exact test stands in.
 *
 * @param categories - of the scale; verdicts outside them are left out
 */
export function verdictShift(
  categories: readonly string[],
  last: readonly string[],
  current: readonly string[],
): VerdictShift {
  const count = (verdicts: readonly string[], category: string) =>
    verdicts.filter((verdict) => verdict === category).length;
  const rows = categories.map((category) => ({
    category,
    last: count(last, category),
    current: count(current, category),
  }));
  const totals: Cell = [sum(rows.map((row) => row.last)), sum(rows.map((row) => row.current))];
  return {
    categories: rows,
    last: totals[0],
    current: totals[1],
    ...test(
      rows.map((row): Cell => [row.last, row.current]),
      totals,
    ),
  };
}

function test(
  cells: readonly Cell[],
  totals: Cell,
): Pick<VerdictShift, "p" | "method" | "chiSquare" | "degrees"> {
  const none = { chiSquare: null, degrees: null };
  const groups = pooled(
    cells.filter(([last, current]) => last + current > 0),
    totals,
  );
  const [first, second, third] = groups;
  if (totals[0] === 0 || totals[1] === 0 || first === undefined) return { p: null, method: null, ...none };
  // One category in both periods: nothing differs, and nothing could have been expected to.
  if (second === undefined) return { p: 1, method: "fisher", ...none };
  if (third === undefined && leastExpected(groups, totals) < LEAST_EXPECTED) {
    const { p } = fisherExact([first, second], "two-sided");
    return { p, method: "fisher", ...none };
  }
  const chiSquare = sum(groups.flatMap((cell) => distances(cell, totals)));
  const degrees = groups.length - 1;
  return { p: chiSquareUpperTail(chiSquare, degrees), method: "chi-square", chiSquare, degrees };
}

function pooled(cells: readonly Cell[], totals: Cell): readonly Cell[] {
  const sorted = cells.toSorted((a, b) => a[0] + a[1] - (b[0] + b[1]));
  const [rarest, next, ...rest] = sorted;
  if (rarest === undefined || next === undefined || rest.length === 0) return sorted;
  if (leastExpected(sorted, totals) >= LEAST_EXPECTED) return sorted;
  return pooled([[rarest[0] + next[0], rarest[1] + next[1]], ...rest], totals);
}

function expected([last, current]: Cell, totals: Cell): Cell {
  const share = (last + current) / (totals[0] + totals[1]);
  return [totals[0] * share, totals[1] * share];
}

function leastExpected(cells: readonly Cell[], totals: Cell): number {
  return Math.min(...cells.flatMap((cell) => expected(cell, totals)));
}

function distances(cell: Cell, totals: Cell): readonly number[] {
  return expected(cell, totals).map((wanted, index) => ((cell[index] ?? 0) - wanted) ** 2 / wanted);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
