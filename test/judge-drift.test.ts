import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { LabelEntry, VerdictEntry } from "../src/core/judgement.js";
import type { JudgeDriftReport } from "../src/judge/drift/drift-page.js";
import { judgementFile, openJudgementStore } from "../src/store/judgement-store.js";
import { type Document, problemsOf } from "./json-documents.js";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const RUBRIC = "politeness";
const WEEK_46 = "2026-11-13T06:00:00Z";
const WEEK_47 = "2026-11-20T06:00:00Z";
const SUNDAY = "2026-11-22";

type Said = readonly [item: string, value: string | null];

function verdicts(judge: string, at: string, vote: number, said: readonly Said[]): readonly VerdictEntry[] {
  return said.map(([item, value]) => ({
    judge,
    judgeVersion: `version of ${judge}`,
    rubric: RUBRIC,
    item,
    subjectHash: item,
    order: "first",
    vote,
    value,
    share: null,
    reason: value === null ? "refusal" : null,
    word: value ?? "",
    reasoning: "",
    costUsd: null,
    at,
  }));
}

function labels(said: readonly Said[]): readonly LabelEntry[] {
  return said.map(([item, value]) => ({
    id: `label ${item}`,
    rubric: RUBRIC,
    item,
    author: "ann",
    action: "label",
    value,
    comment: null,
    at: WEEK_46,
    source: "review",
  }));
}

/** Items of a name, the first `pass` of them called "good". */
function items(name: string, count: number, pass: number): readonly Said[] {
  return Array.from({ length: count }, (_, index) => [`${name}-${index}`, index < pass ? "good" : "bad"]);
}

const truths = items("anchor", 60, 30);
/** Four errors, two of each kind. */
const before = truths.map(([item, value], index): Said => {
  const isWrong = [0, 1, 58, 59].includes(index);
  return [item, isWrong ? (value === "good" ? "bad" : "good") : value];
});
/** Sixteen of the good ones are called bad as well. */
const after = before.map(([item, value], index): Said => [item, index >= 2 && index < 18 ? "bad" : value]);

let cwd = "";

beforeAll(async () => {
  cwd = await initialisedProject();
  const store = openJudgementStore(judgementFile(join(cwd, ".agentctl")));
  store.addLabels(labels(truths));
  const both = (judge: string, first: readonly Said[], second: readonly Said[]) => {
    store.addVerdicts(verdicts(judge, WEEK_46, 0, first));
    store.addVerdicts(verdicts(judge, WEEK_47, 1, second));
  };
  both("steady", [...before, ...items("w46", 80, 50)], [...before, ...items("w47", 80, 53)]);
  both("fallen", before, after);
  both("shifted", [...before, ...items("w46", 80, 60)], [...before, ...items("w47", 80, 30)]);
  const refusing = after.map(([item], index): Said => [item, index < 20 ? null : "good"]);
  both("refusing", before, refusing);
  both("unlabelled", items("loose", 40, 20), items("loose", 40, 20));
  store.addVerdicts(verdicts("newcomer", WEEK_47, 0, before));
  store.close();
});

async function drift(judge: string, ...flags: string[]) {
  const args = ["judge", "drift", judge, "--at", SUNDAY, ...flags, "--json"];
  const { stdout, stderr, exitCode } = await runCommand(args, { cwd });
  const report = JSON.parse(stdout) as JudgeDriftReport & Document;
  expect(problemsOf(report)).toEqual([]);
  return { exitCode, stderr, report };
}

const statusesOf = (report: JudgeDriftReport) =>
  Object.fromEntries(report.checks.map(({ check, status }) => [check, status]));

describe("agentctl judge drift", () => {
  it("is quiet when the judge says what it said, with exit code 0", async () => {
    const { exitCode, report } = await drift("steady");
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      verdict: "stable",
      last: { name: "2026-W46", judged: 140, labelled: 60, newItems: 80 },
      current: { name: "2026-W47", judged: 140, labelled: 60, newItems: 80 },
      kappaChange: { method: "paired", difference: 0, p: 1 },
      anchors: { n: 60, same: { estimate: 1 }, method: "mcnemar", p: 1 },
      traffic: { last: 80, current: 80, method: "chi-square" },
    });
    expect(Object.values(statusesOf(report))).toEqual(["quiet", "quiet", "quiet", "quiet", "quiet"]);
    // scipy 1.17.1: chi2_contingency([[50, 30], [53, 27]], correction=False).pvalue
    expect(report.traffic?.p).toBeCloseTo(0.6204230795, 9);
    // 56 of 60 agree, half of them by chance: (56/60 - 1/2) / (1/2)
    expect(report.current.agreement.kappa).toBeCloseTo(52 / 60, 12);
  });

  it("raises an alarm when kappa fell on the same items, with exit code 1 and a report to read", async () => {
    const { exitCode, report } = await drift("fallen");
    expect(exitCode).toBe(1);
    expect(statusesOf(report)).toEqual({
      kappa: "alarm",
      floor: "alarm",
      anchors: "alarm",
      traffic: "not-run",
      unusable: "quiet",
    });
    expect(report.kappaChange?.upper).toBeLessThan(0);
    // scipy 1.17.1: binomtest(16, 16).pvalue
    expect(report.anchors?.p).toBeCloseTo(2 ** -15, 12);
    expect(report.changedAnchors).toHaveLength(16);
    const page = readFileSync(join(cwd, "reports", "judge-2026-W47.md"), "utf8");
    expect(page).toContain("❌ drift: judge <code>fallen</code>, 2026-W47");
    expect(page).toContain("### 16 verdicts changed of 60 items judged in both periods");
    expect(page).toContain("calibrate the judge again");
  });

  it("tells a change of the traffic from one of the judge", async () => {
    const { exitCode, report } = await drift("shifted");
    expect(exitCode).toBe(1);
    expect(statusesOf(report)).toMatchObject({ kappa: "quiet", anchors: "quiet", traffic: "alarm" });
    expect(report.nextSteps.join()).toContain("not the judge");
  });

  it("raises an alarm when the judge begins to refuse", async () => {
    const { exitCode, report } = await drift("refusing");
    expect(exitCode).toBe(1);
    expect(statusesOf(report)).toMatchObject({ unusable: "alarm" });
    // scipy 1.17.1: fisher_exact([[20, 40], [0, 60]], "greater").pvalue
    expect(report.checks.find(({ check }) => check === "unusable")?.p).toBeCloseTo(1.422786018e-7, 14);
  });

  it.each([
    ["unlabelled", "0 labelled items in 2026-W46 and 0 in 2026-W47"],
    ["newcomer", "the judge said nothing before this period"],
  ])("never takes too little data for no drift: %s exits with 4", async (judge, reason) => {
    const { exitCode, report } = await drift(judge);
    expect(exitCode).toBe(4);
    expect(report.verdict).toBe("inconclusive");
    expect(report.reason).toContain(reason);
  });

  it("is inconclusive in a week in which the judge said nothing", async () => {
    const args = ["judge", "drift", "steady", "--at", "2026-12-31", "--json"];
    const { stdout, exitCode } = await runCommand(args, { cwd });
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      current: { name: "2026-W53", judged: 0, judgeVersion: null },
      last: { name: "2026-W47" },
      file: join("reports", "judge-2026-W53.md"),
    });
  });

  it("compares the anchors of a file alone", async () => {
    writeFileSync(join(cwd, "anchors.jsonl"), `{"item":"anchor-3","value":"good"}\nanchor-59\n\n`);
    const { report } = await drift("fallen", "--anchor", "anchors.jsonl");
    expect(report.anchorSet).toEqual({ source: "anchors.jsonl", items: 2 });
    expect(report.anchors?.n).toBe(2);
    // The other 58 items are the same in both weeks: their kappas are not independent, and two anchors are too few.
    expect(report.kappaChange).toBeNull();
    expect(statusesOf(report)).toMatchObject({ kappa: "not-run" });
    expect(report.changedAnchors.map(({ item }) => item)).toEqual(["anchor-3"]);
  });

  it("keeps the sections of other judges in the report of a week, and replaces its own", async () => {
    for (const judge of ["steady", "fallen", "steady"]) await drift(judge, "-o", "week.md");
    const page = readFileSync(join(cwd, "week.md"), "utf8");
    expect(page.match(/^## .*$/gm)).toEqual([
      "## ✅ stable: judge <code>steady</code>, 2026-W47",
      "## ❌ drift: judge <code>fallen</code>, 2026-W47",
    ]);
  });

  it.each([
    [["--at", "2026-02-30"], "--at 2026-02-30: expected a date"],
    [["--anchor", "missing.jsonl"], "missing.jsonl expected a list of anchors, found no file"],
    [["--anchor", "gold"], "--anchor gold: expected a file, or a tag"],
    [["-o", "report.html"], "expected the extension .md"],
  ])("refuses %j with exit code 2", async (flags, message) => {
    const { stderr, exitCode } = await runCommand(["judge", "drift", "steady", ...flags], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
