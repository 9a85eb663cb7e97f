import type { Score } from "../core/score.js";
import type { TrialRow } from "../metrics/metric.js";

/** Distinct scores kept; values beyond that are as good as unique, and sharing them saves nothing. */
const MOST_SHARED = 10_000;

/**
 * Lets rows share equal scores. Most scores of a run are the same few (1, 0, "the case states no sources"), and
 * 100,000 rows with 20 score objects each would fill 300 MB.
 */
export class ScorePool {
  private readonly values = new Map<number, Score>();
  private readonly reasons = new Map<string, Score>();

  /** The row with its equal scores replaced by shared ones, in place. */
  share(row: TrialRow): TrialRow {
    const scores = row.scores as Record<string, Score>;
    for (const metric in scores) scores[metric] = this.shared(scores[metric] as Score);
    return row;
  }

  private shared(score: Score): Score {
    if (score.value === null) return sharedBy(this.reasons, score.reason, score);
    return score.detail === undefined ? sharedBy(this.values, score.value, score) : score;
  }
}

function sharedBy<Key>(pool: Map<Key, Score>, key: Key, score: Score): Score {
  const known = pool.get(key);
  if (known !== undefined) return known;
  if (pool.size < MOST_SHARED) pool.set(key, score);
  return score;
}
