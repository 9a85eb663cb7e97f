import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { currentLabels } from "../../judge/current-labels.js";
import { openItemLeases } from "../../store/item-leases.js";
import { type JudgementStore, openJudgementStore } from "../../store/judgement-store.js";
import { openReviewSession, type ReviewSession, type ReviewSessionOptions } from "./review-session.js";
import { helpfulness, pair, plainItems, preference, refund } from "./testing/serve-samples.js";

const START = Date.parse("2026-03-02T09:00:00Z");
const opened: { close(): void }[] = [];
let now = START;

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
  now = START;
});

const clock = { now: () => now, monotonic: () => now };

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "agentctl-review-"));
}

/** A store as another process would open it. */
function storeIn(folder: string): JudgementStore {
  const store = openJudgementStore(join(folder, "judgements.db"));
  opened.push(store);
  return store;
}

type Change = Partial<ReviewSessionOptions>;

function sessionIn(folder: string, annotator: string, change: Change = {}): ReviewSession {
  const leases = openItemLeases(join(folder, "leases.db"), `${annotator} ${opened.length}`, clock.now);
  opened.unshift(leases);
  return openReviewSession({
    store: storeIn(folder),
    leases,
    judge: helpfulness,
    subjects: plainItems(10),
    annotator,
    source: "review",
    clock,
    ...change,
  });
}

/** Labels everything that is offered. @returns the items */
function labelAll(session: ReviewSession, value = "3"): readonly string[] {
  const items: string[] = [];
  for (let item = session.current(); item !== null; item = session.current()) {
    items.push(item.item);
    session.label(value);
  }
  return items;
}

function truthIn(folder: string) {
  return currentLabels(storeIn(folder).labels("helpfulness"));
}

describe("a review session", () => {
  it("shows the parts that the rubric reads and nothing of judges, models and other people", () => {
    const folder = newFolder();
    sessionIn(folder, "bob", { subjects: [refund] }).label("5");
    const judge = { ...helpfulness, reads: ["question", "answer"] as const };
    const shown = sessionIn(folder, "ann", {
      subjects: [refund],
      perItem: 2,
      judge: { ...judge, reads: [...judge.reads] },
    }).current();
    expect(shown).toMatchObject({
      own: null,
      others: [],
      texts: { reference: null, tools: [], documents: [] },
    });
    expect(shown?.texts.answer).toBe(refund.answer);
    expect(JSON.stringify(shown)).not.toMatch(/secret-model|bob/);
  });

  it("writes every action when its method returns, with author, time and source", () => {
    const folder = newFolder();
    const session = sessionIn(folder, "ann");
    const item = session.current()?.item;
    session.comment(" not sure ");
    session.flag(null);
    now += 1000;
    session.label("4");
    const entries = storeIn(folder).labels("helpfulness");
    const common = { rubric: "helpfulness", item, author: "ann", source: "review" };
    expect(entries).toMatchObject([
      { ...common, action: "comment", value: null, comment: "not sure", at: "2026-03-02T09:00:00.000Z" },
      { ...common, action: "flag", value: null, comment: null },
      { ...common, action: "label", value: "4", comment: null, at: "2026-03-02T09:00:01.000Z" },
    ]);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(3);
    expect(session.written()).toEqual(entries);
  });

  it("goes on after a restart where it was, and undoes what was said before it", () => {
    const folder = newFolder();
    const first = sessionIn(folder, "ann", { subjects: plainItems(4) });
    first.label("1");
    const skipped = first.current()?.item ?? "";
    first.skip();
    const again = sessionIn(folder, "ann", { subjects: plainItems(4) });
    expect(again.progress()).toEqual({ done: 1, skipped: 1, flagged: 0, total: 4 });
    expect(again.undo()).toEqual({ item: skipped, action: "skip" });
    expect(again.current()).toMatchObject({ item: skipped, own: null });
    expect(again.undo()).toMatchObject({ action: "label" });
    expect(again.undo()).toBeNull();
    expect(again.progress()).toEqual({ done: 0, skipped: 0, flagged: 0, total: 4 });
    expect(labelAll(again)).toHaveLength(4);
  });

  it("takes back neither what was imported nor what others said", () => {
    const folder = newFolder();
    const items = plainItems(2);
    const imported = { rubric: "helpfulness", action: "label", value: "1", comment: null } as const;
    const at = clock.now() - 3_600_000;
    storeIn(folder).addLabels(
      items.map(({ item }) => ({
        ...imported,
        id: item,
        item,
        author: "ann",
        at: new Date(at).toISOString(),
        source: "labels.csv",
      })),
    );
    sessionIn(folder, "bob", { subjects: items, perItem: 2 }).label("5");
    const session = sessionIn(folder, "ann", { subjects: items });
    expect(session.current()).toBeNull();
    expect(session.undo()).toBeNull();
  });

  it("moves back and forth without labelling, and lets a label be changed", () => {
    const session = sessionIn(newFolder(), "ann", { subjects: plainItems(3) });
    const first = session.current()?.item ?? "";
    expect(session.previous()).toBe(false);
    expect(session.next()).toBe(true);
    session.label("2");
    session.label("2");
    expect(session.current()?.item).toBe(first);
    session.label("2");
    expect(session.current()).toBeNull();
    expect(session.next()).toBe(false);
    expect(session.previous()).toBe(true);
    expect(session.current()).toMatchObject({ item: first, own: { value: "2" } });
    session.label("5");
    expect(session.current()).toBeNull();
    expect(session.progress()).toMatchObject({ done: 3, total: 3 });
  });

  it("ends after the limit", () => {
    const session = sessionIn(newFolder(), "ann", { limit: 3 });
    expect(labelAll(session)).toHaveLength(3);
    expect(session.progress()).toMatchObject({ done: 3, total: 10 });
  });

  it("refuses a label that the scale does not have", () => {
    const session = sessionIn(newFolder(), "ann");
    expect(() => session.label("6")).toThrow(/label "6": expected one of 1, 2, 3, 4, 5/);
    expect(session.written()).toEqual([]);
  });

  it("has A, B and tie for pairs", () => {
    const folder = newFolder();
    const session = sessionIn(folder, "ann", { judge: preference, subjects: [pair] });
    expect(session.current()).toMatchObject({ isPair: true, texts: { otherAnswer: pair.otherAnswer } });
    session.label("tie");
    expect(storeIn(folder).labels("preference")).toMatchObject([{ value: "tie" }]);
  });
});

describe("two annotators at once", () => {
  it("never do one item twice beyond the labels that are wanted", () => {
    const folder = newFolder();
    const subjects = plainItems(60);
    const people = ["ann", "bob"].map((name) => sessionIn(folder, name, { subjects, overlap: 0 }));
    while (people.some((one) => one.current() !== null)) {
      const seen = people.flatMap((one) => one.current()?.item ?? []);
      expect(new Set(seen).size).toBe(seen.length);
      for (const one of people) if (one.current() !== null) one.label("3");
    }
    const labels = truthIn(folder).map(({ byAuthor }) => byAuthor.length);
    expect(labels).toEqual(subjects.map(() => 1));
  });

  it("both label the declared share of items", () => {
    const folder = newFolder();
    const options = { subjects: plainItems(100), overlap: 0.2 };
    labelAll(sessionIn(folder, "ann", options));
    const second = labelAll(sessionIn(folder, "bob", options));
    expect(second.length).toBeGreaterThan(8);
    expect(second.length).toBeLessThan(32);
    expect(labelAll(sessionIn(folder, "cleo", options))).toEqual([]);
  });

  it("get an item that somebody has left for a quarter of an hour", () => {
    const folder = newFolder();
    const subjects = plainItems(1);
    sessionIn(folder, "ann", { subjects, overlap: 0 });
    expect(sessionIn(folder, "bob", { subjects, overlap: 0 }).current()).toBeNull();
    now += 16 * 60_000;
    expect(sessionIn(folder, "bob", { subjects, overlap: 0 }).current()).not.toBeNull();
  });

  it("are refused when the items are divided among others", () => {
    expect(() => sessionIn(newFolder(), "dan", { authors: ["ann", "bob"] })).toThrow(
      /annotator "dan": expected one of ann, bob/,
    );
  });

  it("settle what they disagree about, seeing each other's words", () => {
    const folder = newFolder();
    const options = { subjects: plainItems(3), perItem: 2 };
    const ann = sessionIn(folder, "ann", options);
    ann.comment("vague");
    labelAll(ann, "2");
    const bob = sessionIn(folder, "bob", options);
    const agreed = bob.current()?.item;
    bob.label("2");
    labelAll(bob, "4");
    const third = sessionIn(folder, "cleo", { ...options, mode: "adjudicate" });
    expect(third.progress()).toMatchObject({ done: 0, total: 2 });
    expect(third.current()?.others).toMatchObject([
      { author: "ann", value: "2" },
      { author: "bob", value: "4" },
    ]);
    third.skip();
    expect(third.progress()).toMatchObject({ skipped: 1 });
    third.label("4");
    expect(third.current()).toBeNull();
    const truth = truthIn(folder);
    expect(truth.find(({ item }) => item === agreed)).toMatchObject({ truth: "2", isAdjudicated: false });
    expect(truth.filter(({ isAdjudicated }) => isAdjudicated)).toMatchObject([{ truth: "4" }]);
    expect(third.undo()).toMatchObject({ action: "adjudicate" });
    expect(truthIn(folder).filter(({ isDisputed }) => isDisputed)).toHaveLength(2);
  });

  it("see the flags of others without their labels", () => {
    const folder = newFolder();
    const options = { subjects: plainItems(2), perItem: 2 };
    const ann = sessionIn(folder, "ann", options);
    const flagged = ann.current()?.item;
    ann.flag("the tool result is cut");
    ann.label("1");
    const bob = sessionIn(folder, "bob", { ...options, mode: "flagged" });
    expect(bob.current()).toMatchObject({
      item: flagged,
      others: [{ author: "ann", value: null, isFlagged: true, comment: "the tool result is cut" }],
    });
    bob.flag("still cut");
    bob.label("3");
    expect(bob.current()).toBeNull();
    const again = sessionIn(folder, "ann", { ...options, mode: "flagged" });
    expect(again.current()).toMatchObject({ item: flagged, own: { value: "1" } });
    again.skip();
    expect(again.progress()).toMatchObject({ done: 1, total: 1 });
    expect(truthIn(folder).find(({ item }) => item === flagged)?.byAuthor).toMatchObject([
      { author: "ann", value: "1", isSkipped: false },
      { author: "bob", value: "3" },
    ]);
  });

  it("are warned when they use one name", () => {
    const folder = newFolder();
    const options = { subjects: plainItems(5), perItem: 2 };
    sessionIn(folder, "Ann", { ...options, source: "review serve" }).label("1");
    expect(sessionIn(folder, "Ann", options).warnings).toEqual([
      expect.stringContaining("labelled from review serve within the last 10 minutes"),
      expect.stringContaining("is labelling in another window now"),
    ]);
    expect(sessionIn(folder, "ann", options).warnings).toEqual([
      expect.stringContaining('there are labels by "Ann" too'),
    ]);
    now += 3_600_000;
    expect(sessionIn(folder, "Ann", options).warnings).toEqual([]);
  });
});
