import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelEntry } from "../core/judgement.js";
import { currentLabels } from "./current-labels.js";

let count = 0;

function entry(author: string, said: Partial<LabelEntry> | string, item = "i"): LabelEntry {
  count += 1;
  const given = typeof said === "string" ? { value: said } : { value: null, ...said };
  const at = `2026-11-21T00:00:00.${String(count % 1000).padStart(3, "0")}Z`;
  return {
    id: String(count),
    rubric: "tone",
    item,
    author,
    action: "label",
    comment: null,
    at,
    source: "review",
    ...given,
  };
}

function only(entries: readonly LabelEntry[]) {
  const [one, ...others] = currentLabels(entries);
  expect(others).toEqual([]);
  if (one === undefined) throw new Error("expected an item, found none");
  return one;
}

describe("currentLabels", () => {
  it("takes the last label of an author", () => {
    const one = only([entry("ann", "bad"), entry("ann", "good")]);
    expect(one).toMatchObject({ truth: "good", isDisputed: false, isAdjudicated: false });
    expect(one.byAuthor).toMatchObject([{ author: "ann", value: "good" }]);
  });

  it("takes back the author's last entry on the item with undo, and no other", () => {
    const undo = entry("ann", { action: "undo" });
    expect(only([entry("ann", "bad"), entry("ann", "good"), undo]).truth).toBe("bad");
    expect(only([entry("ann", "good"), entry("bob", "bad"), entry("ann", { action: "undo" })]).truth).toBe(
      "bad",
    );
    expect(only([entry("ann", "good"), undo])).toMatchObject({ truth: null, byAuthor: [] });
    expect(only([undo, entry("ann", "good")]).truth).toBe("good");
  });

  it("has no truth where nobody labelled, or as many say one thing as another", () => {
    expect(only([entry("ann", { action: "skip" })])).toMatchObject({
      truth: null,
      isDisputed: false,
      byAuthor: [{ isSkipped: true, value: null }],
    });
    expect(only([entry("ann", "good"), entry("bob", "bad")])).toMatchObject({
      truth: null,
      isDisputed: true,
    });
  });

  it("counts what most say while it is disputed", () => {
    const one = only([entry("ann", "good"), entry("bob", "bad"), entry("cy", "good")]);
    expect(one).toMatchObject({ truth: "good", isDisputed: true });
  });

  it("lets a skip take a label back, and a label a skip", () => {
    expect(only([entry("ann", "good"), entry("ann", { action: "skip" })])).toMatchObject({
      truth: null,
      byAuthor: [{ value: null, isSkipped: true }],
    });
    expect(only([entry("ann", { action: "skip" }), entry("ann", "good")]).byAuthor).toMatchObject([
      { value: "good", isSkipped: false },
    ]);
  });

  it("settles a dispute by adjudication, which is no label of its author", () => {
    const one = only([
      entry("ann", "good"),
      entry("bob", "bad"),
      entry("chief", { action: "adjudicate", value: "bad" }),
    ]);
    expect(one).toMatchObject({ truth: "bad", isAdjudicated: true, isDisputed: false });
    expect(one.byAuthor.map(({ author, value }) => [author, value])).toEqual([
      ["ann", "good"],
      ["bob", "bad"],
      ["chief", null],
    ]);
  });

  it("takes the later adjudication, and none once it is undone", () => {
    const first = entry("chief", { action: "adjudicate", value: "bad" });
    const second = entry("other", { action: "adjudicate", value: "good" });
    expect(only([second, first]).truth).toBe("good");
    expect(only([entry("ann", "good"), first, entry("chief", { action: "undo" })])).toMatchObject({
      truth: "good",
      isAdjudicated: false,
    });
  });

  it("keeps flags and the last comment beside the label", () => {
    const one = only([
      entry("ann", { action: "flag", comment: "odd" }),
      entry("ann", "good"),
      entry("ann", { action: "comment", comment: "very odd" }),
    ]);
    expect(one.byAuthor).toMatchObject([{ value: "good", isFlagged: true, comment: "very odd" }]);
  });

  it("tells items apart, in the order in which they first occur", () => {
    const items = currentLabels([
      entry("ann", "good", "b"),
      entry("ann", "bad", "a"),
      entry("bob", "good", "b"),
    ]);
    expect(items.map(({ item, truth }) => [item, truth])).toEqual([
      ["b", "good"],
      ["a", "bad"],
    ]);
  });

  it("does not depend on how the entries of different authors lie between each other", () => {
    const author = fc.constantFrom("ann", "bob");
    const action = fc.constantFrom("good", "bad", "skip", "undo");
    fc.assert(
      fc.property(fc.array(fc.tuple(author, action), { maxLength: 12 }), (steps) => {
        const entries = steps.map(([who, what]) =>
          what === "skip" || what === "undo" ? entry(who, { action: what }) : entry(who, what),
        );
        const sorted = entries.toSorted((a, b) => (a.author < b.author ? -1 : Number(a.author > b.author)));
        const state = (all: readonly LabelEntry[]) =>
          currentLabels(all).map(({ truth, isDisputed }) => ({ truth, isDisputed }));
        expect(state(sorted)).toEqual(state(entries));
      }),
    );
  });
});
