import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { GateReport } from "../src/gates/gate-report.js";
import { nonInferiorityPaired } from "../src/stats/non-inferiority-paired.js";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const FOLDER = join(import.meta.dirname, "fixtures", "tau2-ab");

/** Imports both arms of a published comparison and judges the second against the first. */
async function judged(domain: string, ...rules: readonly string[]): Promise<GateReport> {
  const cwd = await initialisedProject();
  const runs: string[] = [];
  for (const arm of ["gpt-4.1", "gpt-4.1-sft"]) {
    const { stdout, stderr, exitCode } = await runCommand(
      ["import", "tau2", join(FOLDER, `${domain}.${arm}.jsonl`), "--json"],
      { cwd },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    runs.push((JSON.parse(stdout) as { readonly run: { readonly id: string } }).run.id);
  }
  const [baseline, candidate] = runs as [string, string];
  const file = [`version: 1`, `baseline: ${baseline}`, `gates:`, ...rules.map((rule) => `  - ${rule}`)];
  writeFileSync(join(cwd, "pairs.yaml"), `${file.join("\n")}\n`);
  const { stdout, stderr } = await runCommand(["gate", candidate, "--rules", "pairs.yaml", "--json"], {
    cwd,
  });
  expect(stderr).toBe("");
  const report = JSON.parse(stdout) as GateReport;
  expect(report.results.map((one) => one.baseline?.runId)).toEqual(rules.map(() => baseline));
  return report;
}

describe("two models on the tasks of tau2-bench, judged against each other", () => {
  it("airline: 10 and 13 of 20 are too few to say, and the report says how many are missing", async () => {
    const report = await judged(
      "airline",
      "{ metric: task.success, no_worse_than: baseline, margin: 0.05 }",
      "{ metric: task.success, no_worse_than: baseline, rule: significant-drop }",
      "{ metric: task.success, better_than: baseline }",
      "{ metric: latency.turn_p50_ms, no_worse_than: baseline, margin: 10% }",
    );
    const [noWorse, drop, better, latency] = report.results;
    const wanted = nonInferiorityPaired(
      { bothPass: 7, baselineOnly: 3, currentOnly: 6, bothFail: 4 },
      { margin: 0.05, alpha: 0.05 },
    );
    expect(noWorse).toMatchObject({
      verdict: wanted.verdict,
      difference: { method: "tango", n: 20, value: 0.15, lower: wanted.lower, upper: wanted.upper },
      baseline: { estimate: { value: 0.5 } },
      estimate: { value: 0.65 },
    });
    expect(noWorse?.toSettle).toMatch(/^about \d+ more cases?$/);
    expect(drop).toMatchObject({ verdict: "pass", reason: expect.stringContaining("with power 80 %") });
    expect(better).toMatchObject({ verdict: "inconclusive" });
    expect(latency).toMatchObject({ difference: { isRelative: true, margin: 0.1, design: "paired" } });
  });

  it("retail: 34 of 40 both is no proof either way, but the turns of the tuned model are another matter", async () => {
    const report = await judged(
      "retail",
      "{ metric: task.success, no_worse_than: baseline, margin: 0.02 }",
      "{ metric: latency.turn_p50_ms, no_worse_than: baseline, margin: 10% }",
      "{ metric: latency.turn_p50_ms, better_than: baseline, margin: 10% }",
    );
    const [success, slower, faster] = report.results;
    expect(success).toMatchObject({ verdict: "inconclusive", difference: { value: 0, n: 40 } });
    const isFaster = (slower?.difference?.value as number) < 0;
    expect([slower?.verdict, faster?.verdict]).toEqual(isFaster ? ["pass", "pass"] : ["fail", "fail"]);
    expect(Math.sign(slower?.difference?.lower as number)).toBe(
      Math.sign(slower?.difference?.upper as number),
    );
  });
});
