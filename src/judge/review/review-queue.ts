import type { LabelEntry } from "../../core/judgement.js";
import { currentLabels, type ItemLabels } from "../current-labels.js";
import { liveEntries } from "./live-entries.js";
import type { PlannedItem, ReviewMode } from "./review-plan.js";

/** How far an annotator is. */
export interface ReviewProgress {
  /** Items that the annotator has labelled, settled, or (flagged ones) looked at since they were flagged. */
  readonly done: number;
  /** Done, skipped and still to do. What other people finish leaves it. */
  readonly total: number;
  /** Items that the annotator passed without a label. */
  readonly skipped: number;
  /** Items that anybody flagged. */
  readonly flagged: number;
}

/** What is left for one annotator. */
export interface ReviewQueue {
  /** Items, the next one first. */
  readonly todo: readonly string[];
  /** Of each item to do: labels that are still wanted of the annotator or others. */
  readonly missing: ReadonlyMap<string, number>;
  readonly progress: ReviewProgress;
}

export interface ReviewQueueOptions {
  readonly annotator: string;
  readonly mode: ReviewMode;
  /** `planned`: as the plan has them. `least_labelled`: items that fewest other people labelled come first. */
  readonly order: "planned" | "least_labelled";
}

type Standing = "todo" | "done" | "skipped" | "elsewhere";

/**
 * What an annotator is to do now. Items that enough other people labelled are left out.
 *
 * @param plan - items in the annotator's order, from `planReview`
 * @param entries - all entries of the rubric, in the order in which they were added; of other items too
 */
export function reviewQueue(
  plan: readonly PlannedItem[],
  entries: readonly LabelEntry[],
  { annotator, mode, order }: ReviewQueueOptions,
): ReviewQueue {
  const labels = new Map(currentLabels(entries).map((one) => [one.item, one]));
  const revisited = mode === "flagged" ? seenSinceFlagged(entries, annotator) : new Map<string, boolean>();
  const counts = { todo: 0, done: 0, skipped: 0, elsewhere: 0 };
  const todo: { readonly item: string; readonly others: number; readonly missing: number }[] = [];
  let flagged = 0;
  for (const planned of plan) {
    const said = labels.get(planned.item);
    const others = labelsOfOthers(said, annotator);
    if (said?.byAuthor.some(({ isFlagged }) => isFlagged)) flagged += 1;
    const standing =
      mode === "label"
        ? toLabel(planned, said, others, annotator)
        : mode === "adjudicate"
          ? toSettle(said)
          : toLookAt(revisited.get(planned.item));
    counts[standing] += 1;
    if (standing !== "todo") continue;
    // Each annotator looks at flags; one is enough to settle a disagreement.
    const missing = { label: planned.wanted - others, adjudicate: 1, flagged: Number.POSITIVE_INFINITY }[
      mode
    ];
    todo.push({ item: planned.item, others, missing });
  }
  if (order === "least_labelled") todo.sort((a, b) => a.others - b.others);
  const { done, skipped } = counts;
  return {
    todo: todo.map(({ item }) => item),
    missing: new Map(todo.map(({ item, missing }) => [item, missing])),
    progress: { done, skipped, flagged, total: counts.todo + done + skipped },
  };
}

function labelsOfOthers(said: ItemLabels | undefined, annotator: string): number {
  return said?.byAuthor.filter(({ author, value }) => author !== annotator && value !== null).length ?? 0;
}

function toLabel(
  { wanted, isAssigned }: PlannedItem,
  said: ItemLabels | undefined,
  others: number,
  annotator: string,
): Standing {
  const own = said?.byAuthor.find(({ author }) => author === annotator);
  if (own !== undefined && own.value !== null) return "done";
  if (own?.isSkipped === true) return "skipped";
  return isAssigned && others < wanted ? "todo" : "elsewhere";
}

function toSettle(said: ItemLabels | undefined): Standing {
  if (said?.isAdjudicated === true) return "done";
  return said?.isDisputed === true ? "todo" : "elsewhere";
}

function toLookAt(isSeen: boolean | undefined): Standing {
  if (isSeen === undefined) return "elsewhere";
  return isSeen ? "done" : "todo";
}

/** Of flagged items: whether the annotator decided anything about them after the last flag. */
function seenSinceFlagged(entries: readonly LabelEntry[], annotator: string): ReadonlyMap<string, boolean> {
  const seen = new Map<string, boolean>();
  for (const { item, author, action } of liveEntries(entries)) {
    if (action === "flag") seen.set(item, false);
    else if (action !== "comment" && author === annotator && seen.has(item)) seen.set(item, true);
  }
  return seen;
}
