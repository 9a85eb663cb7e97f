import type { Subject } from "../../core/judgement.js";
import { type SelfPreference, type SelfPreferenceItem, selfPreference } from "../../stats/self-preference.js";
import { pairReader } from "../pair-labels.js";
import { modelFamily } from "../run/model-family.js";
import type { JoinedItem } from "./join-judgements.js";

/** Whether a judge errs in favour of answers of models of its own family. */
export interface SelfPreferenceFinding extends SelfPreference {
  /** Family of the judge. */
  readonly family: string;
}

interface Rules {
  /** Model that judges, as `provider/name`. */
  readonly model: string | null;
  readonly categories: readonly string[];
  readonly isOrdered: boolean;
  readonly level: number;
}

/** Points of the first answer of a pair. */
const POINTS = { A: 1, tie: 0.5, B: 0 } as const;

/**
 * Self-preference over the items whose models are known. Grades are numbers as they stand, or places in the order; of a pair
 * of which one answer is of the judge's family the first answer is scored: 1 when it wins, 0.5 for a tie.
 *
 * @returns `null` when the judge's family or all models of the answers are unknown, or labels have no order
 */
export function selfPreferenceFinding(
  items: readonly JoinedItem[],
  subjectOf: (item: string) => Subject | null,
  rules: Rules,
): SelfPreferenceFinding | null {
  const family = rules.model === null ? null : modelFamily(rules.model);
  if (family === null) return null;
  const isOwn = (model: string | null) => {
    const found = model === null ? null : modelFamily(model);
    return found === null ? null : found === family;
  };
  const scored = items.flatMap((item): SelfPreferenceItem[] => {
    const subject = subjectOf(item.item);
    const isOwnFamily = isOwn(subject?.model ?? null);
    if (subject === null || isOwnFamily === null) return [];
    const isPair = subject.otherAnswer !== null;
    if (isPair && isOwn(subject.otherModel) !== !isOwnFamily) return [];
    const score = isPair ? pairScore(rules.categories) : gradeScore(rules);
    const truth = score?.(item.truth) ?? null;
    const judged = score?.(item.judged) ?? null;
    return truth === null || judged === null ? [] : [{ truth, judged, isOwnFamily }];
  });
  return scored.length === 0 ? null : { family, ...selfPreference(scored, { level: rules.level }) };
}

type Score = (label: string) => number | null;

function pairScore(categories: readonly string[]): Score | null {
  const read = pairReader(categories);
  if (read === null) return null;
  return (label) => {
    const winner = read(label);
    return winner === null ? null : POINTS[winner];
  };
}

function gradeScore({ categories, isOrdered }: Rules): Score | null {
  if (!isOrdered) return null;
  const isNumeric = categories.every(
    (category) => category.trim() !== "" && Number.isFinite(Number(category)),
  );
  return isNumeric && categories.length > 2 ? Number : (label) => categories.indexOf(label);
}
