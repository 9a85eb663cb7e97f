/**
 * Reciprocal-rank fusion: each ranking gives 1 / (k + rank) to what it holds, rank from 1.
 *
 * @param rankings - keys, best first; a key counts once for each ranking, at its best rank
 * @param k - larger values flatten the difference between ranks; at least 0, 60 by custom
 * @returns key → score, best first; equal scores in the order in which the rankings name them
 * @see Cormack, Clarke and Büttcher 2009, Reciprocal Rank Fusion Outperforms Condorcet
 */
export function fuseRankings<Key>(rankings: readonly (readonly Key[])[], k: number): Map<Key, number> {
  const scores = new Map<Key, number>();
  for (const ranking of rankings) {
    const seen = new Set<Key>();
    ranking.forEach((key, index) => {
      if (seen.has(key)) return;
      seen.add(key);
      scores.set(key, (scores.get(key) ?? 0) + 1 / (k + index + 1));
    });
  }
  return new Map([...scores].sort(([, a], [, b]) => b - a));
}
