import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { currentVerdicts, schemeOf, schemeOfRubric } from "../../judge/comparison/judge-scheme.js";
import {
  type CorrectedEstimate,
  correctedEstimate,
  type EstimatedItem,
} from "../../judge/correction/corrected-estimate.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { truthsOf } from "./compare-labels.js";

/** Whose verdicts are corrected, and by whose labels. */
export interface CorrectedJudge {
  readonly judge: string;
  readonly judgeVersion: string;
  /** Rubric of the labels. */
  readonly rubric: string;
  /** Judge file; of an imported judge that of its rubric. */
  readonly config: JudgeConfig;
  readonly isImported: boolean;
}

const LEVEL = 0.95;

/**
 * The mean of the stored verdicts on items, and its corrections.
 *
 * @param items - of a run; those of pairs are found by their first trial too
 * @returns the estimate, and how many of the items were not judged
 */
export function correctedItems(
  items: readonly string[],
  { judge, judgeVersion, rubric, config, isImported }: CorrectedJudge,
  store: JudgementStore,
): CorrectedEstimate & { readonly notJudged: number } {
  const scheme = isImported ? schemeOfRubric(config) : schemeOf(config);
  const { truths } = truthsOf(store, rubric, scheme.rules.categories);
  const entries = store.verdicts(judge).filter((entry) => entry.judgeVersion === judgeVersion);
  const verdicts = [...currentVerdicts(entries, scheme).values()];
  const names = new Set(items);
  const nameOf = (item: string) => (names.has(item) ? item : firstOf(item));
  const estimated = ({ item, value }: (typeof verdicts)[number]): EstimatedItem => {
    const subject = store.item(item);
    return {
      item,
      judged: value,
      truth: truths.get(item) ?? null,
      slices: subject?.slices ?? {},
      caseId: subject?.origin?.caseId ?? null,
    };
  };
  const run = verdicts.filter(({ item }) => names.has(nameOf(item)));
  const elsewhere = verdicts.filter(({ item }) => !names.has(nameOf(item)) && truths.has(item));
  const judged = new Set(run.map(({ item }) => nameOf(item)));
  return {
    notJudged: items.filter((item) => !judged.has(item)).length,
    ...correctedEstimate({
      scale: config.scale,
      run: run.map(estimated),
      elsewhere: elsewhere.map(estimated),
      minLabels: scheme.minLabels,
      level: LEVEL,
    }),
  };
}

/** A pair of trials is named after both. */
function firstOf(item: string): string {
  return /^(.*?@[0-9a-f]{12}) vs /s.exec(item)?.[1] ?? item;
}
