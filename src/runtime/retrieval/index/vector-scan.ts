/** A row of a matrix and its cosine with the query. */
export interface VectorHit {
  readonly row: number;
  readonly score: number;
}

/** Rows from `start` up to, but not including, `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The rows nearest to a query by cosine: exact, over the given ranges alone. Rows with a cosine of 0 or less are left
 * out; equal ones come in row order.
 *
 * @param matrix - rows of `query.length` numbers each, every row of length 1 or zeros
 * @param allows - asked for rows that would be among the nearest; a row that is not allowed is left out
 */
export function nearestRows(
  matrix: Float32Array,
  query: Float32Array,
  ranges: readonly RowRange[],
  most: number,
  allows: (row: number) => boolean,
): VectorHit[] {
  const width = query.length;
  const best: VectorHit[] = [];
  let worst = 0;
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row += 1) {
      const score = dot(matrix, row * width, query);
      if (score <= worst || !allows(row)) continue;
      best.splice(insertionPoint(best, score), 0, { row, score });
      if (best.length > most) best.pop();
      if (best.length === most) worst = best.at(-1)?.score ?? 0;
    }
  }
  return best;
}

function dot(matrix: Float32Array, offset: number, query: Float32Array): number {
  const width = query.length;
  const whole = width - (width % 4);
  // Four sums of their own let the processor work on them side by side.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = 0; at < whole; at += 4) {
    a += matrix[offset + at]! * query[at]!;
    b += matrix[offset + at + 1]! * query[at + 1]!;
    c += matrix[offset + at + 2]! * query[at + 2]!;
    d += matrix[offset + at + 3]! * query[at + 3]!;
  }
  for (let at = whole; at < width; at += 1) a += matrix[offset + at]! * query[at]!;
  return a + b + c + d;
}

/** After all hits of at least this score: rows come in order, so equal ones stay in it. */
function insertionPoint(best: readonly VectorHit[], score: number): number {
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((best[middle]?.score ?? 0) >= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
