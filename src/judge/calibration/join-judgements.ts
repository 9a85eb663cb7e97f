import type { ItemLabels } from "../current-labels.js";
import type { FinalVerdict } from "../final-verdicts.js";

/** Which verdict of a judge that saw both orders counts: the combined one, in which a flip is a tie, or the first's. */
export type VerdictChoice = "first" | "combined";

/** One item that people labelled and the judge judged. */
export interface JoinedItem {
  readonly item: string;
  /** Label of people. */
  readonly truth: string;
  /** Label of the judge. */
  readonly judged: string;
  readonly labels: ItemLabels;
  readonly verdict: FinalVerdict;
}

/** Items that count, and why the others do not. */
export interface JoinedJudgements {
  readonly items: readonly JoinedItem[];
  /** Items that people labelled. */
  readonly labelled: number;
  /** Items that the judge was asked about. */
  readonly judged: number;
  /** Labelled items that the judge was not asked about. */
  readonly withoutVerdict: number;
  /** Judged items that nobody labelled. */
  readonly withoutLabel: number;
  /** Items on which as many people say one thing as another, and nobody has settled it. */
  readonly disputed: number;
  /** Joined items on which people disagree, counted by what most of them say. */
  readonly byMajority: number;
  /** Items whose label is not among the categories. */
  readonly strangeLabels: number;
  /** Labelled items for which the judge gave nothing that can be used, by reason. */
  readonly nullVerdicts: { readonly [reason: string]: number };
}

/**
 * Joins labels and verdicts by item, in the order of the labels.
 *
 * @param categories - labels that count
 */
export function joinJudgements(
  labels: readonly ItemLabels[],
  verdicts: readonly FinalVerdict[],
  { choice, categories }: { readonly choice: VerdictChoice; readonly categories: readonly string[] },
): JoinedJudgements {
  const byItem = new Map(verdicts.map((verdict) => [verdict.item, verdict]));
  const known = new Set(categories);
  const labelled = labels.filter(isLabelled);
  const nullVerdicts = new Map<string, number>();
  const items: JoinedItem[] = [];
  const left = { withoutVerdict: 0, disputed: 0, strangeLabels: 0 };
  for (const one of labelled) {
    const { item, truth } = one;
    const verdict = byItem.get(item);
    if (truth === null) left.disputed += 1;
    else if (!known.has(truth)) left.strangeLabels += 1;
    else if (verdict === undefined) left.withoutVerdict += 1;
    else {
      const judged = choice === "first" ? verdict.first : verdict.value;
      if (judged === null || !known.has(judged)) {
        const reason = whyNull(verdict, choice, known);
        nullVerdicts.set(reason, (nullVerdicts.get(reason) ?? 0) + 1);
      } else items.push({ item, truth, judged, labels: one, verdict });
    }
  }
  const withLabel = new Set(labelled.map(({ item }) => item));
  return {
    items,
    labelled: labelled.length,
    judged: verdicts.length,
    ...left,
    withoutLabel: verdicts.filter(({ item }) => !withLabel.has(item)).length,
    byMajority: items.filter(({ labels: { isDisputed } }) => isDisputed).length,
    nullVerdicts: Object.fromEntries([...nullVerdicts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function isLabelled({ truth, byAuthor }: ItemLabels): boolean {
  return truth !== null || byAuthor.some(({ value }) => value !== null);
}

/** The commonest reason of the votes; votes that can be used but cancel each other out are a tie of votes. */
function whyNull({ votes }: FinalVerdict, choice: VerdictChoice, known: ReadonlySet<string>): string {
  const asked = votes.filter(({ order }) => choice === "combined" || order === "first");
  if (asked.length === 0) return "not_asked";
  const counts = new Map<string, number>();
  for (const { value, reason } of asked) {
    const why = value === null ? (reason ?? "no_value") : known.has(value) ? null : "no_category";
    if (why !== null) counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? "votes_tied";
}
