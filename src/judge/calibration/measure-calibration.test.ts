import { describe, expect, it } from "vitest";
import type { LabelEntry, Subject, VerdictEntry } from "../../core/judgement.js";
import { bareSubject } from "../bare-subject.js";
import { currentLabels } from "../current-labels.js";
import type { CalibrationRules } from "./calibration-report.js";
import { measureCalibration } from "./measure-calibration.js";

const rules: CalibrationRules = {
  judge: "helpfulness",
  judgeVersion: "v1",
  kind: "file",
  rubric: "helpfulness",
  metric: "judge.helpfulness",
  model: "openai/gpt-4o",
  categories: ["1", "2", "3", "4", "5"],
  isOrdered: true,
  weights: "quadratic",
  choice: "first",
  onlyHoldout: false,
  floor: 0.7,
  minLabels: 30,
  expiresDays: 7,
  level: 0.95,
};

function said(
  item: string,
  author: string,
  value: string | null,
  change: Partial<LabelEntry> = {},
): LabelEntry {
  return {
    id: `${item}-${author}-${change.action ?? "label"}`,
    rubric: "helpfulness",
    item,
    author,
    action: "label",
    value,
    comment: null,
    at: "2026-11-01T00:00:00.000Z",
    source: "review",
    ...change,
  };
}

function judged(item: string, value: string | null, change: Partial<VerdictEntry> = {}): VerdictEntry {
  return {
    judge: "helpfulness",
    judgeVersion: "v1",
    rubric: "helpfulness",
    item,
    subjectHash: item,
    order: "first",
    vote: 0,
    value,
    share: null,
    reason: value === null ? "refusal" : null,
    word: "",
    reasoning: `because of ${item}`,
    costUsd: null,
    at: "2026-11-02T00:00:00.000Z",
    ...change,
  };
}

function shown(item: string, change: Partial<Subject> = {}): Subject {
  return bareSubject({ item, question: `asked ${item}`, answer: `answer of ${item}`, ...change });
}

function measure(
  labels: readonly LabelEntry[],
  votes: readonly VerdictEntry[],
  subjects: readonly Subject[] = [],
  change: Partial<CalibrationRules> = {},
) {
  const all = { ...rules, ...change };
  return measureCalibration(all, {
    labels: currentLabels(labels),
    votes,
    allVotes: votes,
    verdictRules: {
      aggregation: "majority",
      categories: all.categories,
      flipIs: all.choice === "combined" ? "tie" : null,
    },
    otherVersions: 0,
    subjectOf: (item) => subjects.find((subject) => subject.item === item) ?? null,
    now: Date.parse("2026-11-21T12:00:00.000Z"),
  });
}

describe("what counts", () => {
  it("is independent by case: repetitions of the same trials prove nothing", () => {
    const names = Array.from({ length: 120 }, (_, index) => `case-${index % 20}/${Math.floor(index / 20)}`);
    const judgedAs = (index: number) => String(((index % 20) % 5) + (index % 20 === 7 ? -1 : 1));
    const run = (trials: number) => {
      const some = names.slice(0, trials * 20);
      return measure(
        some.map((name, index) => said(name, "ann", String(((index % 20) % 5) + 1))),
        some.map((name, index) => judged(name, judgedAs(index))),
        some.map((name, index) =>
          shown(name, {
            origin: { run: "r", caseId: name.split("/")[0] ?? "", trial: Math.floor(index / 20) },
          }),
        ),
      );
    };
    const [once, often] = [run(1), run(6)];
    expect(often.counts.clusters).toBe(20);
    expect(often.agreement.n).toBe(120);
    expect(often.agreement.kappa.se ?? 0).toBeGreaterThan(once.agreement.kappa.se ?? 1);
    expect(often).toMatchObject({ verdict: "advisory", reason: expect.stringContaining("of 20 cases only") });
  });

  it("is counted item by item, and what does not is told by reason", () => {
    const report = measure(
      [
        said("both", "ann", "4"),
        said("unjudged", "ann", "4"),
        said("disputed", "ann", "1"),
        said("disputed", "bob", "5"),
        said("majority", "ann", "3"),
        said("majority", "bob", "3"),
        said("majority", "cleo", "1"),
        said("strange", "ann", "great"),
        said("refused", "ann", "2"),
        said("skipped", "ann", null, { action: "skip" }),
        said("tied votes", "ann", "2"),
      ],
      [
        ...["both", "disputed", "majority", "strange", "skipped", "unlabelled"].map((item) =>
          judged(item, "4"),
        ),
        judged("refused", null),
        judged("tied votes", "1"),
        judged("tied votes", "2", { vote: 1 }),
      ],
    );
    expect(report.counts).toEqual({
      labelled: 7,
      judged: 8,
      withoutVerdict: 1,
      withoutLabel: 2,
      disputed: 1,
      byMajority: 1,
      strangeLabels: 1,
      nullVerdicts: { refusal: 1, votes_tied: 1 },
      clusters: 2,
      otherVersions: 0,
    });
    expect(report.agreement.n).toBe(2);
    expect(report.expiresAt).toBe("2026-11-28T12:00:00.000Z");
  });

  it("settled disputes count as settled", () => {
    const report = measure(
      [said("x", "ann", "1"), said("x", "bob", "5"), said("x", "cleo", "5", { action: "adjudicate" })],
      [judged("x", "5")],
    );
    expect(report.counts).toMatchObject({ disputed: 0, byMajority: 0 });
    expect(report.accuracy.value).toBe(1);
  });

  it("of nothing at all is nothing, without NaN", () => {
    const report = measure([], []);
    expect(report).toMatchObject({
      verdict: "unusable",
      accuracy: { value: null, lower: null, upper: null },
      majority: null,
      order: null,
      lengthBias: null,
      selfPreference: null,
      retest: null,
      people: null,
      slices: [],
      disagreements: [],
    });
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
  });
});

const grades = Array.from({ length: 60 }, (_, index) => ({
  item: `i${index}`,
  truth: String((index % 5) + 1),
}));

describe("slices", () => {
  it("each tag is a slice; few items have no kappa; a field of one value is none", () => {
    const report = measure(
      grades.map(({ item, truth }) => said(item, "ann", truth)),
      grades.map(({ item, truth }) => judged(item, truth)),
      grades.map(({ item }, index) =>
        shown(item, {
          slices: {
            suite: "main",
            tag: index < 9 ? "rare, common" : "common",
            risk: index % 2 ? "low" : "high",
          },
        }),
      ),
    );
    expect(report.slices.map(({ by, slice, n, kappa }) => [by, slice, n, kappa])).toEqual([
      ["risk", "high", 30, 1],
      ["risk", "low", 30, 1],
      ["tag", "common", 60, 1],
      ["tag", "rare", 9, null],
    ]);
  });
});

it("of many slices, and of groups of like cases, only those with a kappa are shown", () => {
  const report = measure(
    grades.map(({ item, truth }) => said(item, "ann", truth)),
    grades.map(({ item, truth }) => judged(item, truth)),
    grades.map(({ item }, index) =>
      shown(item, {
        slices: { tag: index < 20 ? "many" : `tag${index}`, group: `g${index % 30}`, ticket: item },
      }),
    ),
  );
  expect(report.slices.map(({ by, slice, n }) => [by, slice, n])).toEqual([["tag", "many", 20]]);
});

describe("the worst disagreements", () => {
  it("come first, with what people and the judge said; holdout texts stay hidden", () => {
    const report = measure(
      [
        said("near", "ann", "4", { comment: "good <b>enough</b>" }),
        said("far", "ann", "5"),
        said("hidden", "ann", "5", { comment: "secret" }),
      ],
      [judged("near", "3"), judged("far", "1"), judged("hidden", "2")],
      [
        shown("near"),
        shown("far", { answer: "x".repeat(5000) }),
        shown("hidden", { slices: { split: "holdout" } }),
      ],
    );
    expect(report.disagreements.map(({ item, distance }) => [item, distance])).toEqual([
      ["far", 4],
      ["hidden", 3],
      ["near", 1],
    ]);
    const [far, hidden, near] = report.disagreements;
    expect(far?.answer).toHaveLength(800);
    expect(hidden).toMatchObject({ question: null, answer: null, reasoning: "", isHidden: true });
    expect(JSON.stringify(hidden)).not.toContain("secret");
    expect(near).toMatchObject({
      people: [{ author: "ann", value: "4", comment: "good <b>enough</b>" }],
      reasoning: "because of near",
    });
  });

  it("are at most 20 of a thousand", () => {
    const many = Array.from({ length: 1000 }, (_, index) => `i${index}`);
    const report = measure(
      many.map((item) => said(item, "ann", "1")),
      many.map((item) => judged(item, "5")),
      many.map((item) => shown(item, { answer: "word ".repeat(2000) })),
    );
    expect(report.disagreements).toHaveLength(20);
    expect(JSON.stringify(report).length).toBeLessThan(40_000);
  });
});

describe("biases", () => {
  const pair = { categories: ["A", "B", "tie"], isOrdered: false, weights: "none" as const };

  it("of grades: the judge grades long answers too good", () => {
    const report = measure(
      grades.map(({ item }) => said(item, "ann", "3")),
      grades.map(({ item }, index) => judged(item, index < 30 ? "4" : "2")),
      grades.map(({ item }, index) => shown(item, { answer: "x".repeat(index < 30 ? 100 : 10) })),
    );
    expect(report.lengthBias).toMatchObject({
      kind: "grades",
      longer: { n: 30, over: 30, under: 0 },
      shorter: { n: 30, over: 0, under: 30 },
    });
    expect(report.lengthBias?.p).toBeLessThan(1e-9);
  });

  it("of pairs: errors towards the longer, flips to the first; a flip is a tie", () => {
    const report = measure(
      ["p", "q", "r"].map((item) => said(item, "ann", "B")),
      [
        judged("p", "A"),
        judged("p", "A", { order: "swapped" }),
        judged("q", "A"),
        judged("q", "B", { order: "swapped" }),
        judged("r", "B"),
        judged("r", "B", { order: "swapped" }),
      ],
      ["p", "q", "r"].map((item) => shown(item, { answer: "long answer", otherAnswer: "short" })),
      { ...pair, choice: "combined" },
    );
    expect(report.lengthBias).toMatchObject({ kind: "pairs", n: 3, errorsToLonger: 1, errorsToShorter: 0 });
    expect(report.order?.position).toMatchObject({ n: 3, firstOnly: 1, secondOnly: 0 });
    expect(report.marginals).toEqual([
      { category: "A", people: 0, judge: 1 },
      { category: "B", people: 3, judge: 1 },
      { category: "tie", people: 0, judge: 1 },
    ]);
  });

  it("for its own family: grades of its family are one too high", () => {
    const report = measure(
      grades.map(({ item }) => said(item, "ann", "3")),
      grades.map(({ item }, index) => judged(item, index % 2 === 0 ? "4" : index % 3 === 0 ? "2" : "3")),
      grades.map(({ item }, index) =>
        shown(item, { model: index % 2 === 0 ? "azure/gpt-4.1" : "anthropic/claude-sonnet" }),
      ),
    );
    expect(report.selfPreference).toMatchObject({ family: "gpt", own: 30, other: 30, ownError: 1 });
    expect(report.selfPreference?.difference).toBeCloseTo(1 + 10 / 30, 12);
  });

  it("for its own family in pairs: only pairs of two families count", () => {
    const report = measure(
      ["p", "q", "r"].map((item) => said(item, "ann", "B")),
      ["p", "q", "r"].map((item) => judged(item, "A")),
      [
        shown("p", { otherAnswer: "b", model: "openai/gpt-4o", otherModel: "anthropic/claude-3" }),
        shown("q", { otherAnswer: "b", model: "anthropic/claude-3", otherModel: "openai/gpt-4o" }),
        shown("r", { otherAnswer: "b", model: "openai/gpt-4o", otherModel: "openai/gpt-4o" }),
      ],
      pair,
    );
    expect(report.selfPreference).toMatchObject({
      own: 1,
      other: 1,
      ownError: 1,
      otherError: 1,
      difference: 0,
    });
  });
});

describe("people and repeated votes", () => {
  it("people are compared two by two, and the judge with itself", () => {
    const report = measure(
      grades.flatMap(({ item, truth }, index) => [
        said(item, "ann", truth),
        ...(index < 40 ? [said(item, "bob", truth)] : []),
        ...(index < 5 ? [said(item, "cleo", "1")] : []),
      ]),
      grades.flatMap(({ item, truth }, index) => [
        judged(item, truth),
        judged(item, index < 15 ? "5" : truth, { vote: 1 }),
      ]),
    );
    expect(report.people).toMatchObject({ authors: 3, items: 40 });
    expect(report.people?.pairs).toEqual([
      { a: "ann", b: "bob", n: 40, agreement: 1, kappa: 1, lower: 1, upper: 1 },
    ]);
    // 3 of the first 15 are 5 anyway.
    expect(report.retest).toMatchObject({ repeated: 60, unanimous: 48 });
    expect(report.counts.nullVerdicts).toEqual({ votes_tied: 12 });
  });
});
