import { currentLabels } from "../../judge/current-labels.js";
import type { JudgementStore } from "../../store/judgement-store.js";

/** What people say of the items of a rubric now. */
export interface RubricTruths {
  /** Label by item. */
  readonly truths: ReadonlyMap<string, string>;
  /** Items whose label is not on the scale. */
  readonly strangeLabels: number;
  /** Items that people disagree about, with nothing settled and no majority. */
  readonly disputed: number;
}

/**
 * The labels of a rubric that count.
 *
 * @param categories - of the scale; every label counts when it is `null`
 */
export function truthsOf(
  store: JudgementStore,
  rubric: string,
  categories: readonly string[] | null,
): RubricTruths {
  const labels = currentLabels(store.labels(rubric));
  const known = labels.flatMap(({ item, truth }) => (truth === null ? [] : [[item, truth] as const]));
  const truths = known.filter(([, truth]) => categories === null || categories.includes(truth));
  return {
    truths: new Map(truths),
    strangeLabels: known.length - truths.length,
    disputed: labels.filter(({ truth, isDisputed }) => truth === null && isDisputed).length,
  };
}
