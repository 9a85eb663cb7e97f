import type { LabelEntry } from "../core/judgement.js";

/** What one author says of an item now. */
export interface CurrentLabel {
  readonly item: string;
  readonly author: string;
  /** `null` when it was skipped or only flagged or commented. */
  readonly value: string | null;
  readonly isSkipped: boolean;
  readonly isFlagged: boolean;
  /** The last comment; `null` without one. */
  readonly comment: string | null;
  readonly at: string;
}

/** What people say of an item. */
export interface ItemLabels {
  readonly item: string;
  /** Of each author, in the order in which they first had something to say. */
  readonly byAuthor: readonly CurrentLabel[];
  /**
   * The label that counts: that of the adjudication, else the one that all authors gave, else that of most. `null` when
   * nobody labelled it, or when as many say one thing as another.
   */
  readonly truth: string | null;
  readonly isAdjudicated: boolean;
  /** Whether authors gave different labels and nobody has settled it. */
  readonly isDisputed: boolean;
}

/**
 * The state that entries of one rubric leave, by item in the order in which items first occur.
 *
 * @param entries - in the order in which they were added
 */
export function currentLabels(entries: readonly LabelEntry[]): readonly ItemLabels[] {
  const items = new Map<string, Map<string, LabelEntry[]>>();
  for (const entry of entries) {
    const authors = items.get(entry.item) ?? new Map<string, LabelEntry[]>();
    items.set(entry.item, authors);
    const kept = authors.get(entry.author) ?? [];
    authors.set(entry.author, kept);
    if (entry.action === "undo") kept.pop();
    else kept.push(entry);
  }
  return [...items].map(([item, authors]) =>
    itemLabels(
      item,
      [...authors.values()].filter(({ length }) => length > 0),
    ),
  );
}

function itemLabels(item: string, histories: readonly (readonly LabelEntry[])[]): ItemLabels {
  const byAuthor = histories.map((history) => currentOf(item, history));
  const settled = histories
    .flatMap((history) => history.filter(({ action }) => action === "adjudicate"))
    .sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
    .at(-1);
  const given = byAuthor.flatMap(({ value }) => (value === null ? [] : [value]));
  return {
    item,
    byAuthor,
    truth: settled === undefined ? mostGiven(given) : settled.value,
    isAdjudicated: settled !== undefined,
    isDisputed: settled === undefined && new Set(given).size > 1,
  };
}

/** An adjudication is no label of the author's own: agreement between people leaves it out. */
function currentOf(item: string, history: readonly LabelEntry[]): CurrentLabel {
  const decided = history.findLast(({ action }) => action === "label" || action === "skip");
  const last = history.at(-1) as LabelEntry;
  return {
    item,
    author: last.author,
    value: decided?.action === "label" ? decided.value : null,
    isSkipped: decided?.action === "skip",
    isFlagged: history.some(({ action }) => action === "flag"),
    comment: history.findLast(({ comment }) => comment !== null)?.comment ?? null,
    at: last.at,
  };
}

function mostGiven(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const leaders = [...counts].filter(([, count]) => count === most);
  return leaders.length === 1 ? (leaders[0]?.[0] ?? null) : null;
}
