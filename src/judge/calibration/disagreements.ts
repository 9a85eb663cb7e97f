import type { Subject } from "../../core/judgement.js";
import type { JoinedItem } from "./join-judgements.js";

/** An item on which people and the judge differ, side by side. */
export interface Disagreement {
  readonly item: string;
  readonly truth: string;
  readonly judged: string;
  /** Categories between the two labels, at least 1; 1 for labels without an order. */
  readonly distance: number;
  /** Cut to `TEXT_CHARACTERS`, like all texts here; `null` when not known, or hidden. */
  readonly question: string | null;
  readonly answer: string | null;
  readonly otherAnswer: string | null;
  /** What people said of it. */
  readonly people: readonly {
    readonly author: string;
    readonly value: string | null;
    readonly comment: string | null;
  }[];
  /** The judge's reasoning. */
  readonly reasoning: string;
  /** Whether the texts are left out because the case is in the holdout. */
  readonly isHidden: boolean;
}

/** Enough to see what went wrong; a report of 1,000 items stays small. */
const MOST = 20;
const TEXT_CHARACTERS = 800;

/** Whether an item belongs to the holdout of its dataset. */
export function isHoldoutItem(subject: Subject | null): boolean {
  return subject?.slices.split === "holdout";
}

/**
 * The worst disagreements, the largest distance first, else in the order of the labels. Texts of holdout items are left out:
 * a holdout that was read is none.
 *
 * @param isOrdered - whether categories have an order, so that distances mean something
 */
export function worstDisagreements(
  items: readonly JoinedItem[],
  subjectOf: (item: string) => Subject | null,
  { categories, isOrdered }: { readonly categories: readonly string[]; readonly isOrdered: boolean },
): readonly Disagreement[] {
  const distanceOf = ({ truth, judged }: JoinedItem) =>
    isOrdered ? Math.abs(categories.indexOf(truth) - categories.indexOf(judged)) : 1;
  return items
    .filter(({ truth, judged }) => truth !== judged)
    .map((item) => ({ item, distance: distanceOf(item) }))
    .sort((a, b) => b.distance - a.distance)
    .slice(0, MOST)
    .map(({ item, distance }) => sideBySide(item, distance, subjectOf(item.item)));
}

function sideBySide(
  { item, truth, judged, labels, verdict }: JoinedItem,
  distance: number,
  subject: Subject | null,
): Disagreement {
  const isHidden = isHoldoutItem(subject);
  const shown = (text: string | null | undefined) => (text == null || isHidden ? null : cut(text));
  const spoken =
    verdict.votes.find(({ value, reasoning }) => value === judged && reasoning !== "") ??
    verdict.votes.find(({ reasoning }) => reasoning !== "");
  return {
    item,
    truth,
    judged,
    distance,
    question: shown(subject?.question),
    answer: shown(subject?.answer),
    otherAnswer: shown(subject?.otherAnswer),
    people: labels.byAuthor
      .filter(({ value, comment }) => value !== null || comment !== null)
      .map(({ author, value, comment }) => ({ author, value, comment: shown(comment) })),
    reasoning: shown(spoken?.reasoning) ?? "",
    isHidden,
  };
}

function cut(text: string): string {
  const characters = Array.from(text.trim());
  return characters.length <= TEXT_CHARACTERS
    ? characters.join("")
    : `${characters.slice(0, TEXT_CHARACTERS - 1).join("")}…`;
}
