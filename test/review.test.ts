import { beforeAll, describe, expect, it } from "vitest";
import { openJudgementStore } from "../src/store/judgement-store.js";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

interface Summary {
  readonly items: number;
  readonly progress: { readonly done: number; readonly total: number };
  readonly labelled: number;
  readonly shared: number;
  readonly disputed: number;
  readonly next: readonly string[];
}

let cwd: string;
beforeAll(async () => {
  cwd = await initialisedProject();
  await runCommand(["eval", "--tag", "first", "--quiet"], { cwd });
}, 60_000);

async function status(...args: readonly string[]): Promise<Summary> {
  const result = await runCommand(["review", ...args, "--status", "--json"], { cwd });
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  return JSON.parse(result.stdout) as Summary;
}

/** Labels as another annotator would leave them. */
function label(author: string, values: readonly string[], rubric = "helpfulness"): void {
  const store = openJudgementStore(`${cwd}/.agentctl/judgements.db`);
  const items = [...store.items()].slice(0, values.length);
  store.addLabels(
    items.map(({ item }, index) => ({
      id: `${author} ${rubric} ${item}`,
      rubric,
      item,
      author,
      action: "label",
      value: values[index] ?? null,
      comment: null,
      at: "2026-03-02T09:00:00.000Z",
      source: "review",
    })),
  );
  store.close();
}

describe("agentctl review", () => {
  it("says what to use without a terminal, and opens nothing", async () => {
    const { stderr, exitCode } = await runCommand(["review", "first", "--judge", "helpfulness"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("expected a terminal with a keyboard, found none");
    expect(stderr).toMatch(/review serve.*import labels.*--status/);
  });

  it("tells how far the labels are, and what comes next", async () => {
    const before = await status("first", "--judge", "helpfulness", "--as", "ann");
    expect(before).toMatchObject({ labelled: 0, next: ["label 30 more items: a calibration wants 30"] });
    expect(before.progress).toEqual({ done: 0, total: before.items, skipped: 0, flagged: 0 });
    label(
      "ann",
      Array.from({ length: 30 }, () => "4"),
    );
    const alone = await status("first", "--judge", "helpfulness", "--as", "ann");
    expect(alone).toMatchObject({ labelled: 30, shared: 0, disputed: 0, progress: { done: 30 } });
    expect(alone.next).toEqual([
      "have a second person label: agentctl review first --judge helpfulness --as NAME",
      "measure the judge: agentctl judge calibrate helpfulness",
    ]);
    label("bob", ["4", "1"]);
    const both = await status("first", "--judge", "helpfulness", "--as", "ann");
    expect(both).toMatchObject({ shared: 2, disputed: 1 });
    expect(both.next[0]).toBe("settle disagreements: agentctl review first --judge helpfulness --adjudicate");
    const disputes = await status("--items", "--judge", "helpfulness", "--as", "cleo", "--adjudicate");
    expect(disputes).toMatchObject({ items: 30, progress: { done: 0, total: 1 } });
  });

  it("divides a sample among people, the same for all", async () => {
    const shared = ["first", "--judge", "tone", "--sample", "40", "--annotators", "ann,bob"];
    const totals: number[] = [];
    for (const name of ["ann", "bob"]) totals.push((await status(...shared, "--as", name)).progress.total);
    const sum = totals.reduce((all, total) => all + total, 0);
    expect(Math.min(...totals)).toBeGreaterThan(5);
    expect(sum).toBeGreaterThanOrEqual(40);
    expect(sum).toBeLessThan(60);
  });

  it("reviews pairs of two runs", async () => {
    await runCommand(["eval", "--tag", "second", "--quiet"], { cwd });
    const pairs = await status("first", "--against", "second", "--judge", "preference", "--as", "ann");
    expect(pairs.items).toBeGreaterThan(10);
  });

  it.each([
    [["--judge", "helpfulness"], "expected a run to review, found none"],
    [["first", "--items", "--judge", "helpfulness"], "--items: expected no run beside it"],
    [["first", "--judge", "preference"], "compares two answers: expected pairs, found single answers"],
    [["first", "--judge", "tone", "--against", "first"], "expected a run and a rubric on a pairwise scale"],
    [["--items", "--judge", "safety"], "expected items to review, found none with labels or verdicts"],
    [["first", "--judge", "tone", "--as", " "], "--as: expected the name of an annotator"],
    [["first", "--judge", "tone", "--as", "dan", "--annotators", "ann,bob"], "expected one of ann, bob"],
    [["first", "--judge", "tone", "--overlap", "120"], "expected a percentage from 0 to 100"],
    [["first", "--judge", "tone", "--adjudicate", "--only-flagged"], "cannot be used with option"],
    [["first"], "required option '--judge <file>' not specified"],
  ])("refuses %j", async (args, message) => {
    const { stderr, exitCode } = await runCommand(["review", ...args, "--status"], { cwd });
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});
