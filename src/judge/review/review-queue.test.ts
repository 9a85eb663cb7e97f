import { describe, expect, it } from "vitest";
import type { LabelEntry } from "../../core/judgement.js";
import { liveEntries } from "./live-entries.js";
import { type PlannedItem, planReview, type ReviewPlanOptions } from "./review-plan.js";
import { reviewQueue } from "./review-queue.js";

const ITEMS = Array.from({ length: 1000 }, (_, index) => `case-${index}/0@abc`);
const BASE: ReviewPlanOptions = {
  rubric: "tone",
  annotator: "ann",
  perItem: 1,
  overlap: 0.2,
  authors: [],
  seed: 1,
  sample: null,
};

function planOf(change: Partial<ReviewPlanOptions> = {}, items: readonly string[] = ITEMS) {
  return planReview(items, { ...BASE, ...change });
}

function mine(plan: readonly PlannedItem[]): ReadonlySet<string> {
  return new Set(plan.filter(({ isAssigned }) => isAssigned).map(({ item }) => item));
}

let number = 0;
function entry(author: string, item: string, said: Partial<LabelEntry> | string): LabelEntry {
  number += 1;
  const base = { id: String(number), rubric: "tone", item, author, comment: null, source: "review" };
  const at = new Date(number * 1000).toISOString();
  if (typeof said === "string") return { ...base, at, action: "label", value: said };
  return { ...base, at, action: "label", value: null, ...said };
}

describe("planReview", () => {
  it("depends on the seed and the annotator, not on the order of the items", () => {
    const order = planOf().map(({ item }) => item);
    expect(planOf({}, ITEMS.toReversed()).map(({ item }) => item)).toEqual(order);
    expect(planOf({ seed: 2 }).map(({ item }) => item)).not.toEqual(order);
    expect(planOf({ annotator: "bob" }).map(({ item }) => item)).not.toEqual(order);
    expect(order.toSorted()).toEqual(ITEMS.toSorted());
  });

  it("draws the same sample for everybody", () => {
    const drawn = (annotator: string) => planOf({ annotator, sample: 40 }).map(({ item }) => item);
    expect(drawn("ann")).toHaveLength(40);
    expect(drawn("ann").toSorted()).toEqual(drawn("bob").toSorted());
    expect(drawn("ann")).not.toEqual(drawn("bob"));
  });

  it("divides items among annotators, who share the declared part of them", () => {
    const authors = ["ann", "bob", "cleo"];
    const shares = authors.map((annotator) => mine(planOf({ annotator, authors })));
    const owners = ITEMS.map((item) => shares.filter((share) => share.has(item)).length);
    expect(owners.every((count) => count === 1 || count === 2)).toBe(true);
    // 1000 items: 200 ± 3 standard deviations are shared, and each of three people has about 400.
    const shared = owners.filter((count) => count === 2).length;
    expect(Math.abs(shared - 200)).toBeLessThan(38);
    for (const share of shares) expect(Math.abs(share.size - 400)).toBeLessThan(50);
  });

  it.each([
    [0, 1, 1],
    [1, 1, 2],
    [1, 3, 3],
    [0, 9, 3],
  ])("overlap %f and %i per item want %i labels of three people", (overlap, perItem, wanted) => {
    const plan = planOf({ overlap, perItem, authors: ["ann", "bob", "cleo"] });
    expect(new Set(plan.map((one) => one.wanted))).toEqual(new Set([wanted]));
  });

  it("moves items only to a person who joins", () => {
    const before = mine(planOf({ authors: ["ann", "bob"], overlap: 0 }));
    const after = mine(planOf({ authors: ["cleo", "bob", "ann"], overlap: 0 }));
    expect([...after].every((item) => before.has(item))).toBe(true);
    expect(after.size).toBeLessThan(before.size);
  });
});

describe("reviewQueue", () => {
  const items = ["a", "b", "c", "d"];
  const plan = items.map((item) => ({ item, wanted: item === "d" ? 2 : 1, isAssigned: true }));
  const queue = (entries: readonly LabelEntry[], change: Partial<Parameters<typeof reviewQueue>[2]> = {}) =>
    reviewQueue(plan, entries, { annotator: "ann", mode: "label", order: "planned", ...change });

  it("leaves out what the annotator did and what enough others did", () => {
    const entries = [entry("bob", "a", "good"), entry("bob", "d", "bad"), entry("ann", "b", "good")];
    expect(queue(entries)).toEqual({
      todo: ["c", "d"],
      missing: new Map([
        ["c", 1],
        ["d", 1],
      ]),
      progress: { done: 1, total: 3, skipped: 0, flagged: 0 },
    });
  });

  it("counts what was skipped and flagged, and puts it back after an undo", () => {
    const entries = [
      entry("ann", "a", { action: "skip" }),
      entry("ann", "b", { action: "flag", comment: "odd" }),
    ];
    expect(queue(entries)).toMatchObject({
      todo: ["b", "c", "d"],
      progress: { done: 0, total: 4, skipped: 1, flagged: 1 },
    });
    const undone = [...entries, entry("ann", "a", { action: "undo" }), entry("ann", "b", { action: "undo" })];
    expect(queue(undone)).toMatchObject({
      todo: items,
      progress: { done: 0, total: 4, skipped: 0, flagged: 0 },
    });
  });

  it("does not offer what is assigned to others, but counts what the annotator labelled of it", () => {
    const others = plan.map((one) => ({ ...one, isAssigned: one.item === "a" }));
    const options = { annotator: "ann", mode: "label", order: "planned" } as const;
    expect(reviewQueue(others, [entry("ann", "c", "good")], options)).toMatchObject({
      todo: ["a"],
      progress: { done: 1, total: 2 },
    });
  });

  it("begins with what fewest others labelled when asked to", () => {
    const wide = plan.map((one) => ({ ...one, wanted: 3 }));
    const entries = [entry("bob", "a", "good"), entry("cleo", "a", "good"), entry("bob", "c", "good")];
    const options = { annotator: "ann", mode: "label", order: "least_labelled" } as const;
    expect(reviewQueue(wide, entries, options).todo).toEqual(["b", "d", "c", "a"]);
  });

  it("has the disagreements to settle, once", () => {
    const entries = [
      entry("bob", "a", "good"),
      entry("cleo", "a", "bad"),
      entry("bob", "b", "good"),
      entry("cleo", "b", "good"),
      entry("bob", "c", "good"),
    ];
    const mode = "adjudicate" as const;
    expect(queue(entries, { mode })).toMatchObject({ todo: ["a"], progress: { done: 0, total: 1 } });
    const settled = [...entries, entry("ann", "a", { action: "adjudicate", value: "bad" })];
    expect(queue(settled, { mode })).toMatchObject({ todo: [], progress: { done: 1, total: 1 } });
    const undone = [...settled, entry("ann", "a", { action: "undo" })];
    expect(queue(undone, { mode })).toMatchObject({ todo: ["a"], progress: { done: 0, total: 1 } });
  });

  it("has what was flagged until the annotator decides after the flag", () => {
    const mode = "flagged" as const;
    const early = [entry("ann", "a", "good"), entry("bob", "a", { action: "flag" })];
    expect(queue(early, { mode })).toMatchObject({
      todo: ["a"],
      progress: { done: 0, total: 1, flagged: 1 },
    });
    const decided = [...early, entry("ann", "a", "bad")];
    expect(queue(decided, { mode })).toMatchObject({ todo: [], progress: { done: 1, total: 1 } });
    const again = [...decided, entry("cleo", "a", { action: "flag" })];
    expect(queue(again, { mode }).todo).toEqual(["a"]);
  });

  it("takes 10,000 entries without a wait that a person would notice much", () => {
    const many = ITEMS.flatMap((item) =>
      Array.from({ length: 10 }, (_, at) => entry(`p${at}`, item, "good")),
    );
    const wide = planOf({ perItem: 20 });
    const from = performance.now();
    expect(reviewQueue(wide, many, { annotator: "ann", mode: "label", order: "planned" }).todo).toHaveLength(
      1000,
    );
    expect(performance.now() - from).toBeLessThan(2000);
  });
});

describe("liveEntries", () => {
  it("takes back one entry of the same author and item for each undo", () => {
    const kept = entry("ann", "a", "good");
    const entries = [
      kept,
      entry("bob", "a", "bad"),
      entry("ann", "a", "bad"),
      entry("ann", "a", { action: "undo" }),
      entry("bob", "a", { action: "undo" }),
      entry("bob", "a", { action: "undo" }),
    ];
    expect(liveEntries(entries)).toEqual([kept]);
  });
});
