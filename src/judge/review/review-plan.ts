import { sha256 } from "../../core/hash.js";

/** What people are to do with items: label them, settle disagreements, or look at what was flagged. */
export type ReviewMode = "label" | "adjudicate" | "flagged";

/** Who labels which items of a rubric, and in what order. */
export interface ReviewPlanOptions {
  readonly rubric: string;
  /** Whose queue it is. */
  readonly annotator: string;
  /** Labels wanted on each item, at least 1. */
  readonly perItem: number;
  /** Share of items in [0, 1] that at least two people label, for their agreement. */
  readonly overlap: number;
  /**
   * People among whom the items are divided; empty: whoever comes. All must be given the same list; its order does not
   * matter, and a name added to it takes items over without moving any between the others.
   */
  readonly authors: readonly string[];
  /** Seed of the order and of the sample; who labels what does not depend on it. */
  readonly seed: number;
  /** At most this many items, drawn by the seed: the same for everybody. `null`: all. */
  readonly sample: number | null;
}

/** An item in the order of one annotator. */
export interface PlannedItem {
  readonly item: string;
  /** People who should label it. */
  readonly wanted: number;
  /** Whether it is the annotator's to label; true for all when items are not divided. */
  readonly isAssigned: boolean;
}

/**
 * Divides items among annotators and shuffles them, by hashes alone: the same on every machine, whatever the order of
 * `items`. Each annotator has another order, so that two at once seldom meet.
 */
export function planReview(items: readonly string[], options: ReviewPlanOptions): readonly PlannedItem[] {
  const { seed, sample, annotator } = options;
  const drawn = sample === null ? items : shuffled(items, [seed, "sample"]).slice(0, sample);
  return shuffled(drawn, [seed, "order", annotator]).map((item) => plannedItem(item, options));
}

function plannedItem(item: string, options: ReviewPlanOptions): PlannedItem {
  const { rubric, annotator, perItem, overlap, authors } = options;
  const isShared = unitOf([rubric, "overlap", item]) < overlap;
  const wanted = isShared ? Math.max(perItem, 2) : perItem;
  if (authors.length === 0) return { item, wanted, isAssigned: true };
  const owners = shuffled([...new Set(authors)], [rubric, "author", item]).slice(0, wanted);
  return { item, wanted: owners.length, isAssigned: owners.includes(annotator) };
}

type Key = readonly (string | number)[];

function shuffled(names: readonly string[], key: Key): readonly string[] {
  return names
    .map((name) => ({ name, rank: sha256(JSON.stringify([...key, name])) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : Number(a.rank > b.rank)))
    .map(({ name }) => name);
}

/** A number in [0, 1) that depends on the key alone. */
function unitOf(key: Key): number {
  return Number.parseInt(sha256(JSON.stringify(key)).slice(0, 12), 16) / 2 ** 48;
}
