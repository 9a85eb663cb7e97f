import { cohenKappa, type KappaWeights, kappaDisagreement } from "./cohen-kappa.js";
import { contingencyTable, type Label } from "./contingency-table.js";
import { StatisticsError } from "./statistics-error.js";
import { studentTUpperQuantile } from "./student-t.js";

/** Error of kappa when items come in clusters. `null`: not defined for this data. */
export interface ClusteredKappa {
  readonly kappa: number | null;
  /** Cluster-robust standard error. */
  readonly se: number | null;
  /** Confidence limits by Student's t with one degree of freedom less than clusters, clipped to [-1, 1]. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly clusters: number;
}

/**
 * Cohen's kappa with an error for items that come in clusters, such as several trials of one case: the influences of the
 * items on kappa are added within each cluster before they are squared (linearisation, as for any ratio of totals), and
 * the sum is stretched by G / (G - 1) for G clusters. With one item in each cluster this is the error by Fleiss, Cohen
 * and Everitt times the root of n / (n - 1).
 *
 * @param a - rater a's label of each item
 * @param b - rater b's label of the same items
 * @param clusters - name of the cluster of each item
 * @param options - as for `cohenKappa`
 * @returns se and limits `null` with fewer than two clusters, and where kappa is not defined
 * @throws {StatisticsError} if the lengths differ, a label is no category, or an option is out of range
 * @see Binder 1983, Int Stat Rev 51(3):279, on variances of functions of totals
 */
export function clusteredKappa(
  a: readonly Label[],
  b: readonly Label[],
  clusters: readonly string[],
  options: {
    readonly categories: readonly Label[];
    readonly weights?: KappaWeights;
    readonly level?: number;
  },
): ClusteredKappa {
  const { categories, weights = "none", level = 0.95 } = options;
  if (clusters.length !== a.length) {
    throw new StatisticsError(`expected ${a.length} clusters, found ${clusters.length}`);
  }
  const { kappa } = cohenKappa(a, b, { categories, weights, level });
  const count = new Set(clusters).size;
  const none = { kappa, se: null, lower: null, upper: null, clusters: count };
  if (kappa === null || count < 2) return none;
  const { expected, influence } = kappaDisagreement(contingencyTable(a, b, categories), weights);
  const place = new Map(categories.map((category, index) => [category, index]));
  const sums = new Map<string, number>();
  for (const [index, cluster] of clusters.entries()) {
    const own = influence(place.get(a[index]!) ?? 0, place.get(b[index]!) ?? 0);
    sums.set(cluster, (sums.get(cluster) ?? 0) + own);
  }
  const squared = [...sums.values()].reduce((sum, value) => sum + value * value, 0);
  const se = Math.sqrt((squared * count) / (count - 1)) / (expected * expected);
  const half = studentTUpperQuantile((1 - level) / 2, count - 1) * se;
  return { kappa, se, lower: Math.max(-1, kappa - half), upper: Math.min(1, kappa + half), clusters: count };
}
