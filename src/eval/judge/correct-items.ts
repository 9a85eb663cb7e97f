import type { VerdictEntry } from "../../core/judgement.js";
import { currentVerdicts, type JudgeScheme } from "../../judge/comparison/judge-scheme.js";
import type { EstimatedItem } from "../../judge/correction/corrected-estimate.js";
import type { JudgementStore } from "../../store/judgement-store.js";

/** Judged items of a run, and labelled ones outside it. */
export interface ItemsToEstimate {
  readonly run: readonly EstimatedItem[];
  readonly elsewhere: readonly EstimatedItem[];
}

/**
 * Joins verdicts with labels.
 *
 * @param entries - of one version of the judge
 * @param isOfRun - whether a judged item belongs to the run
 */
export function itemsToEstimate(
  entries: readonly VerdictEntry[],
  truths: ReadonlyMap<string, string>,
  scheme: JudgeScheme,
  { store, isOfRun }: { readonly store: JudgementStore; readonly isOfRun: (item: string) => boolean },
): ItemsToEstimate {
  const verdicts = [...currentVerdicts(entries, scheme).values()];
  const of = ({ item, value }: (typeof verdicts)[number]): EstimatedItem => {
    const subject = store.item(item);
    return {
      item,
      judged: value,
      truth: truths.get(item) ?? null,
      slices: subject?.slices ?? {},
      caseId: subject?.origin?.caseId ?? null,
    };
  };
  return {
    run: verdicts.filter(({ item }) => isOfRun(item)).map(of),
    elsewhere: verdicts.filter(({ item }) => !isOfRun(item) && truths.has(item)).map(of),
  };
}
