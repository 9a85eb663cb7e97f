/**
 * Maximal marginal relevance: takes the item with the highest λ·relevance − (1 − λ)·(likeness to the nearest item
 * taken), again and again.
 *
 * @param items - best first
 * @param options.relevance - of an item, 0 to 1 (scale the scores first)
 * @param options.likeness - of two items, 0 to 1
 * @param options.lambda - 1 keeps the order of relevance, 0 looks at variety alone
 * @param options.most - items to take
 * @returns the taken items in the order of taking; equal ones in the order given
 * @see Carbonell and Goldstein 1998, The Use of MMR
 */
export function diversify<Item>(
  items: readonly Item[],
  options: {
    readonly relevance: (item: Item) => number;
    readonly likeness: (a: Item, b: Item) => number;
    readonly lambda: number;
    readonly most: number;
  },
): Item[] {
  const { relevance, likeness, lambda, most } = options;
  const left = items.map((item) => ({ item, nearest: 0 }));
  const taken: Item[] = [];
  while (taken.length < most && left.length > 0) {
    let best = 0;
    let bestValue = Number.NEGATIVE_INFINITY;
    left.forEach(({ item, nearest }, index) => {
      const value = lambda * relevance(item) - (1 - lambda) * nearest;
      if (value > bestValue) {
        best = index;
        bestValue = value;
      }
    });
    const [chosen] = left.splice(best, 1);
    if (chosen === undefined) break;
    taken.push(chosen.item);
    for (const other of left) other.nearest = Math.max(other.nearest, likeness(other.item, chosen.item));
  }
  return taken;
}
