import type { Fact } from "./fact.js";
import { type RecallWeights, recallScore } from "./recall-score.js";

export interface RecallSettings extends RecallWeights {
  /** Most facts by score. */
  readonly topK: number;
  /** Least score, 0 to 1. */
  readonly minScore: number;
  /** Most facts of profile, preferences and open issues that are recalled whatever their score. */
  readonly profileK: number;
}

export interface RecalledFact {
  readonly fact: Fact;
  readonly score: number;
}

const ALWAYS: readonly Fact["kind"][] = ["profile", "preference", "issue"];

/**
 * Chooses the facts that a request gets, best first: those with the highest scores, and what should be known of a user
 * whatever is talked about. Equal scores: the newer fact first, then by id.
 *
 * @param similarities - of the facts, in their order
 */
export function chooseFacts(
  facts: readonly Fact[],
  similarities: readonly number[],
  settings: RecallSettings,
  nowMs: number,
): readonly RecalledFact[] {
  const scored = facts
    .map((fact, index) => ({
      fact,
      score: recallScore(similarities[index] ?? 0, nowMs - fact.observedAtMs, settings),
    }))
    .sort((left, right) => right.score - left.score || newerFirst(left.fact, right.fact));
  const chosen = new Set(scored.filter(({ score }) => score >= settings.minScore).slice(0, settings.topK));
  for (const one of scored.filter(({ fact }) => ALWAYS.includes(fact.kind)).slice(0, settings.profileK)) {
    chosen.add(one);
  }
  return scored.filter((one) => chosen.has(one));
}

function newerFirst(left: Fact, right: Fact): number {
  return right.observedAtMs - left.observedAtMs || (left.id < right.id ? -1 : 1);
}
