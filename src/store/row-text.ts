import type { Score } from "../core/score.js";
import type { TrialRow } from "../metrics/metric.js";

/** A score as it is stored: its value, its reason when it has none, or value and detail. */
type StoredScore = number | string | readonly [value: number, detail: string];

/** Distinct scores kept; values beyond that are as good as unique, and sharing them saves nothing. */
const MOST_SHARED = 10_000;

/** The text that a row is stored as: about half of its JSON, and read in half the time. */
export function rowToText(row: TrialRow): string {
  const scores: Record<string, StoredScore> = {};
  for (const metric in row.scores) scores[metric] = storedScore(row.scores[metric] as Score);
  return JSON.stringify({ ...row, scores });
}

function storedScore(score: Score): StoredScore {
  if (score.value === null) return score.reason;
  return score.detail === undefined ? score.value : [score.value, score.detail];
}

/**
 * Reads rows back. Equal scores become one object: most scores of a run are the same few (1, 0, "the case states no
 * sources"), and 100,000 rows with 20 score objects each would fill 300 MB.
 */
export class RowReader {
  private readonly values = new Map<number, Score>();
  private readonly reasons = new Map<string, Score>();

  read(text: string): TrialRow {
    const row = JSON.parse(text) as TrialRow;
    const scores = row.scores as unknown as Record<string, StoredScore | Score>;
    for (const metric in scores) scores[metric] = this.score(scores[metric] as StoredScore | Score);
    return row;
  }

  private score(stored: StoredScore | Score): Score {
    if (typeof stored === "number") return shared(this.values, stored, (value) => ({ value }));
    if (typeof stored === "string") {
      return shared(this.reasons, stored, (reason) => ({ value: null, reason }));
    }
    // A row of an earlier version holds whole scores.
    return "value" in stored ? stored : { value: stored[0], detail: stored[1] };
  }
}

function shared<Key>(pool: Map<Key, Score>, key: Key, make: (key: Key) => Score): Score {
  const known = pool.get(key);
  if (known !== undefined) return known;
  const score = make(key);
  if (pool.size < MOST_SHARED) pool.set(key, score);
  return score;
}
