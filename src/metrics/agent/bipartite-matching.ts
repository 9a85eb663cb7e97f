/**
 * Size of a maximum matching between two sides: each member has at most one partner. Augmenting paths; a greedy choice
 * would miss pairs where one member has several possible partners.
 *
 * @param left - members of the left side, 0 or more
 * @param right - members of the right side, 0 or more
 * @param fits - whether two members may be partners; asked once a pair at most
 * @see Kuhn 1955, Naval Research Logistics 2(1-2):83
 */
export function maximumMatching(
  left: number,
  right: number,
  fits: (left: number, right: number) => boolean,
): number {
  const candidates = Array.from({ length: left }, (_, i) =>
    Array.from({ length: right }, (_, j) => j).filter((j) => fits(i, j)),
  );
  const partner = new Array<number>(right).fill(-1);
  let size = 0;
  for (let i = 0; i < left; i++) {
    if (assign(i, candidates, partner)) size++;
  }
  return size;
}

/** Breadth first, so that thousands of calls do not exhaust the stack. */
function assign(start: number, candidates: readonly (readonly number[])[], partner: number[]): boolean {
  const cameFrom = new Map<number, number>();
  const queue = [start];
  for (let i = queue.shift(); i !== undefined; i = queue.shift()) {
    for (const j of candidates[i]!) {
      if (cameFrom.has(j)) continue;
      cameFrom.set(j, i);
      const next = partner[j]!;
      if (next >= 0) {
        queue.push(next);
        continue;
      }
      flip(j, start, cameFrom, partner);
      return true;
    }
  }
  return false;
}

/** Gives every member of the path its new partner, from the free end back. */
function flip(end: number, start: number, cameFrom: ReadonlyMap<number, number>, partner: number[]): void {
  let j = end;
  for (;;) {
    const i = cameFrom.get(j)!;
    const before = i === start ? -1 : partner.indexOf(i);
    partner[j] = i;
    if (before < 0) return;
    j = before;
  }
}
