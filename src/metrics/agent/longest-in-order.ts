/**
 * Length of the longest pairing of two lists that keeps the order of both: the longest common subsequence, with any
 * relation in place of equality.
 */
export function longestInOrder(
  left: number,
  right: number,
  fits: (left: number, right: number) => boolean,
): number {
  let row = new Array<number>(right + 1).fill(0);
  for (let i = 0; i < left; i++) {
    const next = [0];
    for (let j = 0; j < right; j++) {
      next.push(fits(i, j) ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    }
    row = next;
  }
  return row[right]!;
}
