import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

let cwd: string;
beforeAll(async () => {
  cwd = await initialisedProject();
  const rules = `version: 1
gates:
  - { metric: task.success, no_worse_than: baseline, margin: 0.05 }
  - { metric: faithfulness, min: 0.85 }
  - { coverage: reviewed, min: 0.5 }
`;
  writeFileSync(join(cwd, "plan.yaml"), rules);
});

interface PlanJson {
  readonly assumptions: readonly string[];
  readonly gates: readonly {
    readonly name: string;
    readonly method: string;
    readonly scenarios: readonly { readonly planted: { readonly size?: number }; readonly pass: number }[];
  }[];
}

async function plan(...flags: string[]): Promise<PlanJson> {
  const args = ["gate", "plan", "--rules", "plan.yaml", "--draws", "50", "--json", ...flags];
  const { stdout, stderr, exitCode } = await runCommand(args, { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as PlanJson;
}

it("plans before any run on assumptions, then on what is stored; the same seed gives the same", async () => {
  const before = await plan("--rate", "90%", "--discordant", "10%");
  expect(before.assumptions[0]).toContain("No run of the suite is stored: 90 %");
  expect(await plan("--rate", "90%", "--discordant", "10%")).toEqual(before);
  await runCommand(["eval", "--quiet"], { cwd });
  const after = await plan("--drops", "3,8");
  expect(after.assumptions[0]).toContain("Trials are drawn from the latest complete run of the suite");
  expect(after.gates.map(({ method }) => method)).toEqual(["simulation", "simulation", "none"]);
  expect(after.gates[0]?.scenarios.map(({ planted }) => planted.size)).toEqual([undefined, 0.03, 0.08]);
});

it("prints what blocks, what it takes, and what it rests on", async () => {
  const { stdout, exitCode } = await runCommand(["gate", "plan", "--rules", "plan.yaml", "--draws", "50"], {
    cwd,
  });
  expect(exitCode).toBe(0);
  for (const part of [
    "Does not pass (and fails outright) when the candidate is worse by",
    "the whole policy",
    "Passes when the truth misses (-) or clears (+) the threshold",
    "coverage reviewed: depends on the golden set alone.",
    "Rests on",
  ]) {
    expect(stdout).toContain(part);
  }
});

it.each([
  [["--drops", "0,5"], "expected numbers of points between 0 and 100"],
  [["--discordant", "2"], "--discordant"],
  [["--suite", "none-such"], "--suite none-such"],
  [["--rules", "missing.yaml"], "missing.yaml"],
])("refuses %j", async (flags, message) => {
  const { stderr, exitCode } = await runCommand(["gate", "plan", ...flags], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
});
