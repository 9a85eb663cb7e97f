import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

interface RunJson {
  readonly run: { readonly id: string; readonly status: string };
  readonly totals: { readonly planned: number; readonly completed: number };
  readonly gate: {
    readonly verdict: string;
    readonly notes: readonly string[];
    readonly results: readonly { readonly verdict: string; readonly reason: string }[];
  };
}

describe("eval --until decided", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await initialisedProject();
  });

  const evaluate = async (gates: string, ...flags: readonly string[]) => {
    writeFileSync(join(folder, "gates.yaml"), `version: 1\ngates: [${gates}]\n`);
    const args = ["eval", "--gate", "--json", "-j", "2", ...flags];
    const { stdout, stderr, exitCode } = await runCommand(args, { cwd: folder });
    if (stdout === "") throw new Error(stderr);
    return { ...(JSON.parse(stdout) as RunJson), exitCode };
  };

  it("stops a run whose verdict is known, passes or fails it, and resumes to the same verdict", async () => {
    const passing = await evaluate("{ metric: task.success, min: 0.5 }", "--until", "decided");
    expect(passing).toMatchObject({ exitCode: 0, run: { status: "decided" }, gate: { verdict: "pass" } });
    expect(passing.totals.completed).toBeLessThan(60);
    const saved = passing.totals.planned - passing.totals.completed;
    expect(passing.gate.notes.join()).toContain(`: ${saved} (`);
    expect(passing.gate.results[0]?.reason).toMatch(/^After \d+ of 72 trials, every number of successes/);

    const again = await runCommand(["gate", "--json"], { cwd: folder });
    expect(again.exitCode).toBe(0);
    const whole = await runCommand(["eval", "--gate", "--json", "--resume", passing.run.id], { cwd: folder });
    expect(JSON.parse(whole.stdout)).toMatchObject({
      run: { status: "complete" },
      totals: { completed: 72, passed: 64 },
      gate: { verdict: "pass" },
    });

    const failing = await evaluate(
      "{ metric: task.success, min: 0.99 }, { metric: safety.violations, max: 0 }",
      "--until",
      "decided",
    );
    expect(failing).toMatchObject({ exitCode: 1, run: { status: "decided" }, gate: { verdict: "fail" } });
    expect(failing.totals.completed).toBeLessThan(72);
  });

  it("runs to the end where only the whole run can decide", async () => {
    const { run, totals } = await evaluate("{ metric: safety.violations, max: 0 }", "--until", "decided");
    expect(run.status).toBe("complete");
    expect(totals.completed).toBe(72);
  });

  it("refuses what cannot be decided", async () => {
    const shard = await runCommand(["eval", "--until", "decided", "--shard", "1/2"], { cwd: folder });
    expect(shard.exitCode).toBe(2);
    expect(shard.stderr).toContain("expected one of --until and --shard");
    writeFileSync(join(folder, "gates.yaml"), "");
    expect((await runCommand(["eval", "--until", "decided"], { cwd: folder })).exitCode).toBe(2);
  });
});
