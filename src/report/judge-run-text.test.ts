import { expect, it } from "vitest";
import type { JudgeRunReport } from "../judge/run/judge-run-report.js";
import { renderJudgeRun } from "./judge-run-text.js";

const REPORT: JudgeRunReport = {
  judge: {
    name: "helpful",
    file: "judges/helpful.yaml",
    version: "0123456789abcdef",
    rubricVersion: "2",
    rubricHash: "fedcba9876543210",
    model: "openai/gpt-4.1",
    heuristic: null,
    scale: "pairwise",
    votes: 3,
    orders: 2,
    aggregation: "majority",
  },
  judgedRun: "run-a",
  against: "run-b",
  items: { planned: 20, judged: 15, notJudged: { "the agent gave no answer": 2 }, failed: 1, left: 2 },
  verdicts: [
    { label: "A", items: 8 },
    { label: "B", items: 3 },
    { label: "tie", items: 2 },
  ],
  withoutVerdict: 2,
  flips: 2,
  unusable: { unmapped: 3, refusal: 1, invalid_reply: 0, out_of_range: 0 },
  unmappedWords: [
    { word: "both\u001b[31m", votes: 2 },
    { word: "first", votes: 1 },
  ],
  storedVotes: 12,
  newVotes: 78,
  calls: 80,
  cachedCalls: 1,
  costUsd: 0.25,
  unpricedCalls: 0,
  failures: 4,
  budgetUsd: 2,
  stoppedBy: "budget",
  warnings: ["openai/gpt-4.1 judges its own answers"],
  corrected: null,
  estimate: {
    metric: "judge.helpful",
    unit: "proportion",
    direction: "higher",
    value: 0.6923,
    lower: 0.45,
    upper: 0.93,
    level: 0.95,
    n: 13,
    unscored: {},
    clusters: 13,
    method: "t",
  },
  run: null,
};

const plain = { useColor: false, columns: 100 };

it("tells how far it came, what the judge said, what cannot be used, and the mean", () => {
  expect(renderJudgeRun(REPORT, plain).split("\n")).toEqual([
    "helpful by openai/gpt-4.1 on run run-a against run-b (rubric 2, version 01234567)",
    "  items       15 of 20 judged, 3 votes each in both orders, 2 left by the budget, 1 could not be asked about",
    "  not judged  2: the agent gave no answer",
    '  verdicts    "A" 8, "B" 3, "tie" 2, none 2',
    "  flips       2 of 15 verdicts changed with the order of the answers: a tie each",
    "  unusable    votes: 3 no label of the scale, 1 declined to judge; they are no score",
    '  words       "both\ufffd[31m" 2, "first" 1; `synonyms` of the judge file can map them',
    "  calls       80, 1 from the cache, 12 votes stored before, $0.25 of $2",
    "  mean        judge.helpful 0.6923, 95 % [0.45, 0.93], n 13, as the judge says it",
    "warning: openai/gpt-4.1 judges its own answers",
    "no run was stored: the same command asks for the missing votes",
  ]);
});

it("says that there is no mean, and why", () => {
  const { value, lower, upper, ...rest } = REPORT.estimate;
  const none = { ...rest, value: null, lower: null, upper: null, n: 0, reason: "no trial was scored" };
  const text = renderJudgeRun({ ...REPORT, estimate: none, run: "run-c" }, plain);
  expect(text).toContain("mean        none: no trial was scored");
  expect(text.endsWith("stored as run run-c")).toBe(true);
});
