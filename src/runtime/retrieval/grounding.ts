import type { Passage } from "./retriever.js";

/** What is said instead of an answer that no document supports. */
export const NOT_GROUNDED_ANSWER =
  "I don't know: I found nothing in our documents that answers this. Would you like me to connect you with a person?";

/** Chosen by measurement; see docs/retrieval.md. Agreement of several methods is higher than that of one. */
export const DEFAULT_GROUNDING_THRESHOLDS = { oneMethod: 0.45, severalMethods: 0.6 };

const WEIGHTS = { top: 0.5, gap: 0.2, agreement: 0.3 };
/** Passages that vote where only one method searches. */
const VOTERS = 3;

export interface Grounding {
  /** 0.5·top + 0.2·gap + 0.3·agreement, 0 to 1. */
  readonly confidence: number;
  readonly top: number;
  readonly gap: number;
  readonly agreement: number;
  readonly threshold: number;
  readonly isGrounded: boolean;
}

/**
 * How far the passages of a search support an answer. The best document is that of the passage with the highest
 * calibrated similarity (the earlier one of equals).
 *
 * - top: calibrated similarity of that passage, 0 to 1
 * - gap: (top − best similarity of any other document) / top; 1 when no other document was found, 0 when top is 0
 * - agreement: with several methods, the mean over them of 1 / rank of the best document, 0 where a method did not find
 *   it; with one method, the share of the first 3 passages that are of the best document
 *
 * Without a passage all are 0.
 *
 * @param threshold - confidence from which an answer is grounded, 0 to 1
 */
export function assessGrounding(passages: readonly Passage[], threshold: number): Grounding {
  let best: Passage | undefined;
  for (const passage of passages)
    if (best === undefined || similarityOf(passage) > similarityOf(best)) best = passage;
  if (best === undefined)
    return { confidence: 0, top: 0, gap: 0, agreement: 0, threshold, isGrounded: threshold <= 0 };
  const { documentId } = best;
  const top = similarityOf(best);
  const others = passages.filter((passage) => passage.documentId !== documentId).map(similarityOf);
  const gap = top === 0 ? 0 : others.length === 0 ? 1 : (top - Math.max(...others)) / top;
  const agreement = agreementOn(best, passages);
  const confidence = WEIGHTS.top * top + WEIGHTS.gap * gap + WEIGHTS.agreement * agreement;
  return { confidence, top, gap, agreement, threshold, isGrounded: confidence >= threshold };
}

function similarityOf(passage: Passage): number {
  return passage.scores?.similarity ?? 0;
}

function agreementOn(best: Passage, passages: readonly Passage[]): number {
  const ranks = Object.values(best.ranks ?? {});
  if (ranks.length > 1) {
    return ranks.reduce<number>((sum, rank) => sum + (rank === null ? 0 : 1 / rank), 0) / ranks.length;
  }
  const voters = passages.slice(0, VOTERS);
  return voters.filter(({ documentId }) => documentId === best.documentId).length / voters.length;
}
