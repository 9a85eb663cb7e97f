import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

interface TrendDocument {
  readonly suite: string;
  readonly runs: readonly { readonly runId: string; readonly isNewAgent: boolean }[];
  readonly baseline: { readonly tag: string; readonly runId: string } | null;
  readonly gate: { readonly min: number | null } | null;
  readonly series: readonly {
    readonly by: string | null;
    readonly slice: string | null;
    readonly points: readonly {
      readonly value: number | null;
      readonly lower: number | null;
      readonly n: number;
      readonly reason?: string;
    }[];
  }[];
}

let cwd: string;

async function trend(...args: string[]): Promise<TrendDocument> {
  const { stdout, stderr, exitCode } = await runCommand(["runs", "trend", ...args, "--json"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as TrendDocument;
}

beforeAll(async () => {
  cwd = await initialisedProject();
  const agent = join(cwd, "agents", "support.yaml");
  await runCommand(["eval", "--tag", "main"], { cwd });
  writeFileSync(agent, readFileSync(agent, "utf8").replace(/top_k: \d+/, "top_k: 1"));
  await runCommand(["eval"], { cwd });
  await runCommand(["eval", "--filter-tag", "injection"], { cwd });
});

describe("agentctl runs trend", () => {
  it("shows the runs oldest first, with intervals, versions, baseline and gaps", async () => {
    const { runs, baseline, series, suite } = await trend("must_include");
    expect(suite).toBe("starter");
    expect(runs.map((run) => run.isNewAgent)).toEqual([false, true, false]);
    expect(baseline).toEqual({ tag: "main", runId: runs[0]?.runId });
    const values = series[0]?.points.map((point) => point.value) ?? [];
    expect(values[0]).toBeGreaterThan(values[1] ?? 1);
    expect(values[2]).toBeNull();
    expect(series[0]?.points[2]?.reason).toContain("the case states no phrases");
    expect(series[0]?.points[0]?.lower).toBeLessThan(values[0] ?? 0);
  });

  it("gives each risk its own trend", async () => {
    const { series } = await trend("task.success", "--by", "risk");
    expect(series.map((one) => one.slice)).toEqual([null, "critical", "high", "low", "medium"]);
    const [whole, ...slices] = series;
    const total = slices.reduce((sum, one) => sum + (one.points[0]?.n ?? 0), 0);
    expect(total).toBeLessThanOrEqual(whole?.points[0]?.n ?? 0);
    expect(slices.find((one) => one.slice === "low")?.points[2]).toMatchObject({
      value: null,
      reason: "the run has no such case",
    });
  });

  it("shows the gate of the metric and which runs miss it", async () => {
    const gates = readFileSync(join(cwd, "gates.yaml"), "utf8");
    writeFileSync(join(cwd, "gates.yaml"), "version: 1\ngates:\n  - { metric: task.success, min: 0.85 }\n");
    expect((await trend("task.success")).gate?.min).toBe(0.85);
    const { stdout } = await runCommand(["runs", "trend", "task.success"], { cwd });
    expect(stdout).toContain("gate: at least 85.0 %; 1 run misses it");
    expect(stdout).toMatch(/^[▁▂▃▄▅▆▇█]{3} {2}77\.8 % to 100\.0 %$/m);
    writeFileSync(join(cwd, "gates.yaml"), gates);
  });

  it("keeps to the newest runs with --limit, and writes what --output asks for", async () => {
    expect((await trend("task.success", "--limit", "2")).runs).toHaveLength(2);
    const { stderr } = await runCommand(["runs", "trend", "task.success", "-o", "t.html", "t.json"], { cwd });
    expect(stderr.split("\n")).toEqual(["wrote t.html", "wrote t.json"]);
    expect(readFileSync(join(cwd, "t.html"), "utf8")).toContain('<svg class="plot"');
    expect(JSON.parse(readFileSync(join(cwd, "t.json"), "utf8"))).toEqual(await trend("task.success"));
  });

  it.each([
    [["task.succes"], "did you mean `task.success`"],
    [["task.success", "--suite", "nothing"], "--suite nothing: found no run of it"],
    [
      ["task.success", "--baseline", "nothing"],
      "--baseline nothing: no run of the suite starter has this tag",
    ],
    [["task.success", "--by", "split"], "expected risk or tag"],
    [["task.success", "-o", "t.md"], "expected the extension .html"],
  ])("refuses %j with exit 2", async (args, message) => {
    const { stdout, stderr, exitCode } = await runCommand(["runs", "trend", ...args], { cwd });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toContain(message);
  });
});
