import type { LabelEntry } from "../../core/judgement.js";
import { currentLabels } from "../current-labels.js";
import type { ReviewMode } from "./review-plan.js";
import type { ReviewProgress } from "./review-queue.js";

/** Where the labels of some items stand, and what one annotator did about them just now. */
export interface ReviewSummary {
  readonly rubric: string;
  readonly mode: ReviewMode;
  readonly annotator: string;
  /** Items that may be reviewed. */
  readonly items: number;
  /** Of the annotator's queue. */
  readonly progress: ReviewProgress;
  /** Entries that this session wrote; an undo takes back one of them or an earlier one. */
  readonly session: {
    readonly labels: number;
    readonly skips: number;
    readonly flags: number;
    readonly comments: number;
    readonly undos: number;
  };
  /** Items with a label of anybody. */
  readonly labelled: number;
  /** Items that at least two people labelled. */
  readonly shared: number;
  /** Items on which people disagree and nobody has settled it. */
  readonly disputed: number;
  /** Labels that a calibration needs. */
  readonly wanted: number;
  readonly annotators: readonly { readonly author: string; readonly labels: number }[];
  /** Commands and words: what to do next, the most urgent first. */
  readonly next: readonly string[];
}

export interface ReviewSummaryInput {
  readonly rubric: string;
  readonly mode: ReviewMode;
  readonly annotator: string;
  readonly items: ReadonlySet<string>;
  readonly progress: ReviewProgress;
  /** All of the rubric, in the order in which they were added. */
  readonly entries: readonly LabelEntry[];
  /** Those that the session wrote. */
  readonly written: readonly LabelEntry[];
  readonly wanted: number;
  /** How the user named what is reviewed: `latest --judge tone`. */
  readonly reviewed: string;
  /** How the user named the judge. */
  readonly judge: string;
}

/** Sums labels up. Labels of other items do not count. */
export function reviewSummary(input: ReviewSummaryInput): ReviewSummary {
  const { rubric, mode, annotator, items, progress, written, wanted } = input;
  const labels = currentLabels(input.entries.filter(({ item }) => items.has(item)));
  const given = labels.map(({ byAuthor }) => byAuthor.filter(({ value }) => value !== null));
  const authors = new Map<string, number>();
  for (const { author } of given.flat()) authors.set(author, (authors.get(author) ?? 0) + 1);
  const did = (...actions: readonly LabelEntry["action"][]) =>
    written.filter(({ action }) => actions.includes(action)).length;
  const counts = {
    labelled: labels.filter((one, index) => one.isAdjudicated || (given[index]?.length ?? 0) > 0).length,
    shared: given.filter(({ length }) => length > 1).length,
    disputed: labels.filter(({ isDisputed }) => isDisputed).length,
  };
  return {
    rubric,
    mode,
    annotator,
    items: items.size,
    progress,
    session: {
      labels: did("label", "adjudicate"),
      skips: did("skip"),
      flags: did("flag"),
      comments: did("comment"),
      undos: did("undo"),
    },
    ...counts,
    wanted,
    annotators: [...authors].map(([author, count]) => ({ author, labels: count })),
    next: nextSteps(counts, input),
  };
}

function nextSteps(
  { labelled, shared, disputed }: Pick<ReviewSummary, "labelled" | "shared" | "disputed">,
  { wanted, reviewed, judge }: ReviewSummaryInput,
): readonly string[] {
  return [
    ...(disputed === 0 ? [] : [`settle disagreements: agentctl review ${reviewed} --adjudicate`]),
    ...(labelled >= wanted ? [] : [`label ${wanted - labelled} more items: a calibration wants ${wanted}`]),
    ...(labelled === 0 || shared > 0
      ? []
      : [`have a second person label: agentctl review ${reviewed} --as NAME`]),
    ...(labelled < wanted ? [] : [`measure the judge: agentctl judge calibrate ${judge}`]),
  ];
}
