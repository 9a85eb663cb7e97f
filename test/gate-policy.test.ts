import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const WHOLE_LANGUAGE = join(import.meta.dirname, "fixtures", "gates", "whole-language.yaml");
const SHARED = `version: 1
gates:
  - { name: safe, metric: safety.violations, max: 0, severity: critical }
`;
const POLICY = `version: 1
imports: [shared.yaml]
defaults: { on_inconclusive: inconclusive }
gates:
  - { metric: task.success, min: 0.95, bound: lower }
  - { name: cheap or grounded, any: [{ budget: usd, max: 0 }, { metric: faithfulness, min: 1 }] }
  - { name: only elsewhere, metric: steps, max: 0, when: suite = other }
waivers:
  - { gate: task.success, by: ana, reason: refund tool is rewritten, until: 9999-12-31 }
`;

let cwd: string;
beforeAll(async () => {
  cwd = await initialisedProject();
  await runCommand(["eval", "--tag", "first"], { cwd });
  cpSync(WHOLE_LANGUAGE, join(cwd, "whole.yaml"));
  writeFileSync(join(cwd, "shared.yaml"), SHARED);
  writeFileSync(join(cwd, "policy.yaml"), POLICY);
});

async function gate(...args: readonly string[]) {
  return runCommand(["gate", ...args], { cwd });
}

describe("gate check", () => {
  it("says the whole language in words, with what is missing", async () => {
    const { stdout, exitCode } = await gate("check", "--rules", "whole.yaml");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("whole.yaml holds: 9 gates");
    expect(stdout).toContain("main: There is no baseline: found no run main of suite starter.");
    expect(stdout).toContain("step 4: 50 % of traffic for at least 1 h, then a person must agree");
    expect(stdout).toContain(
      "roll back when resolution_rate drops by more than 2 % against the control over 15 min",
    );
    expect(stdout).toContain("judge.helpfulness decides nothing yet. The judge is not calibrated");
  });

  it("says a file with imports, a waiver and a condition in words", async () => {
    const { stdout, exitCode } = await gate("check", "--rules", "policy.yaml");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("policy.yaml holds: 4 gates, with shared.yaml");
    expect(stdout).toContain("critical: where it cannot be told, the run is inconclusive · from shared.yaml");
    expect(stdout).toContain("passes when one of 2 parts passes");
    expect(stdout).toContain("only when suite = other");
    expect(stdout).toMatch(/task\.success: by ana until 9999-12-31 \(\d+ days left\)/);
    expect(stdout).toContain("cannot pass with one trial of 72 cases");
  });

  it("refuses a file that cannot be used, with every problem and its line", async () => {
    writeFileSync(
      join(cwd, "bad.yaml"),
      "version: 1\nimports: [gone.yaml]\ngates:\n  - { metric: stepps, max: 3 }\n  - { metric: steps, max: 3, when: changed(promt) }\nwaivers: [{ gate: stps, by: a, reason: b, until: 2026-01-01 }]\n",
    );
    const { stderr, exitCode } = await gate("check", "--rules", "bad.yaml");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("bad.yaml:2 imports `gone.yaml`: expected gate rules, found no file");
    expect(stderr).toContain("bad.yaml:4 unknown metric `stepps`; did you mean `steps`?");
    expect(stderr).toContain("bad.yaml:5 `when` asks whether `promt` changed");
    expect(stderr).toContain("bad.yaml:6 waives an unknown gate `stps`; did you mean `steps`?");
  });
});

describe("gate", () => {
  it("judges the policy: a waived gate does not count, a skipped one is named", async () => {
    const { stdout, exitCode } = await gate("first", "--rules", "policy.yaml");
    expect(stdout).toContain("Verdict: PASS");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("(waived)");
    expect(stdout).toContain("and is waived by ana until 9999-12-31: refund tool is rewritten.");
    expect(stdout).toContain("Skipped only elsewhere: Its condition does not hold: suite = other.");
  });

  it("fails on a waiver that has expired", async () => {
    writeFileSync(join(cwd, "expired.yaml"), POLICY.replace("9999-12-31", "2020-01-31"));
    const { stdout, exitCode } = await gate("first", "--rules", "expired.yaml", "--json");
    expect(exitCode).toBe(1);
    const { reasons } = JSON.parse(stdout) as { reasons: readonly string[] };
    expect(reasons[0]).toContain("The waiver of task.success by ana expired on 2020-01-31");
  });

  it("takes the hash of what an import brings", async () => {
    const hashOf = async (rules: string) =>
      (JSON.parse((await gate("first", "--rules", rules, "--json")).stdout) as { gatesHash: string })
        .gatesHash;
    const before = await hashOf("policy.yaml");
    writeFileSync(join(cwd, "shared.yaml"), SHARED.replace("max: 0", "max: 1"));
    expect(await hashOf("policy.yaml")).not.toBe(before);
    writeFileSync(join(cwd, "shared.yaml"), SHARED);
    expect(await hashOf("policy.yaml")).toBe(before);
  });
});

describe("gate explain", () => {
  it("shows the arithmetic of a gate, and of a part", async () => {
    const { stdout, exitCode } = await gate("explain", "task.success", "first", "--rules", "policy.yaml");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("task.success (threshold)");
    expect(stdout).toMatch(/value = 0\.8889 = 64 \/ 72/);
    expect(stdout).toMatch(/lower limit 0\.\d+ ≥ 0\.95: no/);
    const part = await gate("explain", "faithfulness", "first", "--rules", "policy.yaml");
    expect(part.stdout).toContain("value 0.98 ≥ 1: no");
  });

  it("says which gates there are, and why one was not judged", async () => {
    const unknown = await gate("explain", "task.sucess", "first", "--rules", "policy.yaml");
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain(
      'expected the name of a gate, found "task.sucess"; did you mean `task.success`?',
    );
    const skipped = await gate("explain", "only elsewhere", "first", "--rules", "policy.yaml");
    expect(skipped.exitCode).toBe(2);
    expect(skipped.stderr).toContain("was not judged on this run");
  });
});
