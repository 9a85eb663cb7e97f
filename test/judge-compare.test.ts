import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { JudgeComparisonReport } from "../src/judge/comparison/comparison-report.js";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const LLMBAR = join(import.meta.dirname, "fixtures", "llmbar");

let cwd = "";

async function import_(kind: "labels" | "verdicts", file: string, ...flags: string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand(["import", kind, file, ...flags, "--quiet"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
}

async function compare(...args: string[]) {
  const { stdout, stderr, exitCode } = await runCommand(["judge", "compare", ...args, "--json"], { cwd });
  expect(stderr).toBe("");
  return { exitCode, report: JSON.parse(stdout) as JudgeComparisonReport };
}

beforeAll(async () => {
  cwd = await initialisedProject();
  const items = join(LLMBAR, "natural.items.jsonl");
  const texts = ["--question", "input", "--answer", "output_1", "--other-answer", "output_2"];
  const labels = ["--item", "id", "--value", "label", "--by", "people", ...texts];
  await import_("labels", items, "--rubric", "llmbar", ...labels);
  const verdicts = ["--item", "id", "--value", "verdict", "--swapped", "verdict_swapped"];
  const judges = ["--judge-field", "judge,prompt", "--rubric", "llmbar"];
  await import_("verdicts", join(LLMBAR, "natural.verdicts.jsonl"), ...judges, ...verdicts);
  const lone = Array.from({ length: 3 }, (_, index) => ({ id: `natural-${index}`, verdict: "1" }));
  writeFileSync(join(cwd, "lone.jsonl"), lone.map((one) => `${JSON.stringify(one)}\n`).join(""));
  await import_("verdicts", "lone.jsonl", "--judge", "lone", "--rubric", "llmbar", ...verdicts.slice(0, 4));
  await import_("verdicts", "lone.jsonl", "--judge", "stray", "--rubric", "other", ...verdicts.slice(0, 4));
});

describe("agentctl judge compare", () => {
  it("has the known kappas of LLMBar, and says that a better judge is better", async () => {
    const { exitCode, report } = await compare("ChatGPT-0301/CoT", "GPT-4/Vanilla");
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ n: 100, verdict: "better", first: { agreement: { estimate: 0.81 } } });
    expect(report.second.kappa).toBeCloseTo(0.8977, 4);
    expect(report.second.lower).toBeCloseTo(0.8103, 4);
    const { estimate, lower, p } = report.kappaDifference;
    expect(estimate).toBeCloseTo((report.second.kappa ?? 0) - (report.first.kappa ?? 0), 12);
    expect(lower).toBeGreaterThan(0);
    expect(p).toBeLessThan(0.01);
    const { won, lost, p: mcnemar } = report.agreementDifference;
    expect(won - lost).toBe(14);
    // scipy 1.17.1: binomtest(16, 18).pvalue
    expect({ won, lost }).toEqual({ won: 16, lost: 2 });
    expect(mcnemar).toBeCloseTo(0.0013122558593750002, 12);
  });

  it("cannot tell judges apart that hardly differ, and shows the items that changed with their texts", async () => {
    const { report } = await compare("GPT-4/Vanilla", "GPT-4/CoT");
    expect(report.verdict).toBe("cannot-tell");
    expect(report.reason).toContain("holds 0");
    const won = report.changed.filter(({ change }) => change === "won");
    expect(won).toMatchObject([{ item: "natural-99", truth: "1", first: "2", second: "1" }]);
    expect(won[0]?.answer).toContain("pouring rain");
    expect(report.changed.filter(({ change }) => change === "both-wrong")).toHaveLength(4);
    const { stdout } = await runCommand(["judge", "compare", "GPT-4/Vanilla", "GPT-4/CoT"], { cwd });
    expect(stdout).toContain("GPT-4/CoT against GPT-4/Vanilla: cannot tell");
    expect(stdout).toContain("2 items: only GPT-4/Vanilla is right");
  });

  it("turns around when the judges change places", async () => {
    const { report } = await compare("GPT-4/Vanilla", "ChatGPT-0301/CoT");
    expect(report.verdict).toBe("worse");
    expect(report.agreementDifference).toMatchObject({ won: 2, lost: 16 });
  });

  it("leaves out and counts what one judge alone judged, or nobody can use", async () => {
    const { report } = await compare("GPT-4/Vanilla", "lone");
    expect(report).toMatchObject({ n: 3, verdict: "cannot-tell", items: { onlyFirst: 97, onlySecond: 0 } });
    expect(report.reason).toContain("3 labelled items have a verdict of both; it takes 30");
    const { report: refusing } = await compare("ChatGPT-0301/CoT", "PaLM2/Vanilla");
    expect(refusing).toMatchObject({ n: 98, unusable: { first: 0, second: 2, items: 2 } });
  });

  it("has an exit code of its own when nothing can be compared", async () => {
    const { exitCode, report } = await compare("GPT-4/Vanilla", "lone", "--rubric", "unheard");
    expect(exitCode).toBe(4);
    expect(report).toMatchObject({ n: 0, verdict: "cannot-tell", first: { kappa: null } });
  });

  it.each([
    [["GPT-4/Vanilla", "GPT-4/Vanilla"], "expected two judges, found GPT-4/Vanilla twice"],
    [["GPT-4/Vanilla", "stray"], "judges of two: llmbar and other"],
    [["GPT-4/Vanila", "lone"], "did you mean `GPT-4/Vanilla`?"],
    [
      ["baseline_helpfulness", "baseline_faithfulness", "--rubric", "llmbar"],
      "expected two judges of one scale",
    ],
  ])("refuses %j with exit code 2", async (args, message) => {
    const { stderr, exitCode } = await runCommand(["judge", "compare", ...args], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
