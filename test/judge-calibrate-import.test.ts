import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { byCommand, projectWith } from "./calibration-project.js";
import { runCommand } from "./run-command.js";

const fixtures = join(import.meta.dirname, "fixtures");

describe("what was imported by command", () => {
  async function imported(cwd: string, ...args: string[]): Promise<void> {
    const { stderr, exitCode } = await runCommand(["import", ...args, "--quiet"], { cwd });
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  }

  it("LLMBar: GPT-4 Vanilla has kappa .8977, in the words of a pair", async () => {
    const cwd = projectWith(() => {});
    const about = ["--rubric", "preference", "--item", "id", "--map", "1=A,2=B"];
    const pairs = join(fixtures, "llmbar", "natural.items.jsonl");
    const texts = ["--question", "input", "--answer", "output_1", "--other-answer", "output_2"];
    await imported(cwd, "labels", pairs, ...about, "--value", "label", "--by", "people", ...texts);
    const verdicts = join(fixtures, "llmbar", "natural.verdicts.jsonl");
    const both = ["--value", "verdict", "--swapped", "verdict_swapped"];
    await imported(cwd, "verdicts", verdicts, ...about, "--judge-field", "judge,prompt", ...both);
    const report = await byCommand(cwd, "GPT-4/Vanilla");
    expect(report).toMatchObject({
      verdict: "calibrated",
      categories: ["A", "B"],
      lengthBias: { kind: "pairs" },
    });
    expect(report.agreement.kappa.kappa).toBeCloseTo(0.897709, 6);
    expect(report.order?.agreement.kappa.kappa).toBeCloseTo(0.897709, 6);
  });

  it("tau2: customer_outcome has kappa -.163", async () => {
    const cwd = projectWith(() => {});
    const file = join(fixtures, "tau2-judges", "airline.jsonl");
    const about = ["--rubric", "policy", "--item", "task_id"];
    await imported(cwd, "labels", file, ...about, "--value", "gold", "--by", "environment");
    const said = ["--value", "verdict", "--judge-field", "judge", "--reasoning", "justification"];
    await imported(cwd, "verdicts", file, ...about, ...said);
    const report = await byCommand(cwd, "customer_outcome");
    expect(report.agreement.kappa.kappa).toBeCloseTo(-0.162791, 6);
    expect(report).toMatchObject({ verdict: "unusable", counts: { labelled: 50, judged: 50 } });
    expect(report.disagreements[0]?.reasoning).not.toBe("");
  });
});
