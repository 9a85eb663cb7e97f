import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const DATASETS = join(import.meta.dirname, "..", "datasets");
const GPT_4O = join(DATASETS, "tau-airline", "recordings", "gpt-4o.jsonl");

interface RunJson {
  readonly run: { readonly id: string; readonly model: string };
  readonly totals: {
    readonly completed: number;
    readonly passed: number;
    readonly failed: number;
    readonly errors: number;
  };
  readonly estimates: readonly {
    readonly metric: string;
    readonly value: number | null;
    readonly reason?: string;
  }[];
  readonly gate: { readonly verdict: string } | null;
}

let cwd: string;
beforeAll(async () => {
  cwd = await initialisedProject();
});

async function evaluate(
  ...flags: string[]
): Promise<{ readonly report: RunJson; readonly exitCode: number | undefined; readonly stderr: string }> {
  const { stdout, stderr, exitCode } = await runCommand(["eval", "--json", ...flags], { cwd });
  return { report: JSON.parse(stdout) as RunJson, exitCode, stderr };
}

function estimate(report: RunJson, metric: string): number | null | undefined {
  return report.estimates.find((one) => one.metric === metric)?.value;
}

describe("tau-bench through our runtime, tools and state check", () => {
  it("arrives at the published airline numbers of gpt-4o", async () => {
    const started = performance.now();
    const { report, exitCode } = await evaluate("--suite", "tau-airline", "--trials", "4");
    expect(exitCode).toBe(0);
    expect(report.totals).toMatchObject({ completed: 200, passed: 84, failed: 116, errors: 0 });
    for (const [k, published] of [0.42, 0.273333, 0.22, 0.2].entries()) {
      expect(estimate(report, `task.pass_hat_${k + 1}`)).toBeCloseTo(published, 5);
    }
    expect(report.gate?.verdict).toBe("pass");
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("arrives at the recorded retail rewards: 73 of 100", async () => {
    const { report, stderr } = await evaluate("--suite", "tau-retail");
    expect(report.totals).toMatchObject({ completed: 100, passed: 73, failed: 27, errors: 0 });
    expect(stderr).toContain("15 of 115 selected cases are not in tool-calling.jsonl");
  });

  it("shows what a failed case did, and where its state differs", async () => {
    await evaluate("--suite", "tau-airline");
    const { stdout, exitCode } = await runCommand(["trace", "latest", "airline-0"], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("book_reservation");
    expect(stdout).toContain("payment amount does not add up");
    expect(stdout).toContain("state differs at $.reservations.HATHAT");
  });

  it("counts a simulation that crashed as an error, not as a zero", async () => {
    const lines = readFileSync(GPT_4O, "utf8").trimEnd().split("\n").slice(0, 6);
    const crashed = { task_id: 40, trial: 0, reward: 0, error: "connection reset", messages: [] };
    const file = join(cwd, "other.jsonl");
    writeFileSync(file, `${[...lines, JSON.stringify(crashed)].join("\n")}\n`);
    const { report, exitCode } = await evaluate("--suite", "tau-airline", "--recording", file);
    expect(report.totals).toMatchObject({ completed: 6, errors: 1 });
    expect(report.totals.passed + report.totals.failed).toBe(6);
    expect(exitCode).toBe(3);
    const gated = await runCommand(["gate"], { cwd });
    expect(gated.exitCode).not.toBe(0);
  });

  it("takes trials by the recording's own numbers, and says what it lacks", async () => {
    const lines = readFileSync(GPT_4O, "utf8").trimEnd().split("\n");
    const renumbered = lines.map((line) => {
      const simulation = JSON.parse(line) as { task_id: number; trial: number };
      return { ...simulation, trial: simulation.trial + 1 };
    });
    const kept = renumbered.filter(({ task_id, trial }) => task_id !== 49 && !(task_id === 7 && trial === 2));
    const stranger = { ...kept[0], task_id: 999, trial: 1 };
    const file = join(cwd, "one-based.jsonl");
    writeFileSync(file, `${[...kept, stranger].map((one) => JSON.stringify(one)).join("\n")}\n`);
    const { report, stderr } = await evaluate("--suite", "tau-airline", "--trials", "4", "--recording", file);
    expect(report.totals).toMatchObject({ completed: 195, errors: 0 });
    expect(stderr).toContain("1 of 50 selected cases are not in one-based.jsonl");
    expect(stderr).toContain("1 trials of 1 cases are not in one-based.jsonl");
    expect(stderr).toContain("1 cases of one-based.jsonl are not in cases.jsonl");
    const gate = await runCommand(["gate"], { cwd });
    expect(gate.stdout).toContain("1 of 50 selected cases are not in one-based.jsonl");
  });

  it("never takes a crashed simulation for a finished one", async () => {
    const lines = readFileSync(GPT_4O, "utf8").trimEnd().split("\n");
    const crashed = lines.map((line) => {
      const simulation = JSON.parse(line) as { reward: number; error: string | null };
      return JSON.stringify(simulation.reward === 1 ? { ...simulation, error: "late crash" } : simulation);
    });
    const file = join(cwd, "late-crash.jsonl");
    writeFileSync(file, `${crashed.join("\n")}\n`);
    const replayed = await evaluate("--suite", "tau-airline", "--trials", "4", "--recording", file);
    expect(replayed.report.totals).toMatchObject({ passed: 0, failed: 116, errors: 84 });
    expect(replayed.exitCode).toBe(3);
    const imported = await runCommand(["import", "tau", file, "--domain", "airline", "--json"], { cwd });
    expect((JSON.parse(imported.stdout) as RunJson).totals).toMatchObject({
      passed: 0,
      failed: 116,
      errors: 84,
    });
  });

  it("has no latency where the recording has no times", async () => {
    const { report } = await evaluate("--suite", "tau-airline");
    expect(estimate(report, "latency.p95_ms")).toBeNull();
  });

  it("refuses more trials than the recording holds", async () => {
    const { exitCode, stderr } = await runCommand(["eval", "--suite", "tau-airline", "--trials", "9"], {
      cwd,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("holds at most");
  });
});

describe("agentctl import tau", () => {
  it("stores recorded simulations as a run with their own rewards, and a cassette that replays", async () => {
    mkdirSync(join(cwd, "cassettes"), { recursive: true });
    const imported = await runCommand(
      [
        "import",
        "tau",
        GPT_4O,
        "--domain",
        "airline",
        "--cassette",
        "cassettes/airline.jsonl",
        "--tag",
        "gpt-4o",
        "--json",
      ],
      { cwd },
    );
    expect(imported.exitCode).toBe(0);
    const report = JSON.parse(imported.stdout) as RunJson;
    expect(report.totals).toMatchObject({ completed: 200, passed: 84, failed: 116, errors: 0 });
    expect(estimate(report, "task.pass_hat_4")).toBeCloseTo(0.2, 9);
    expect((await runCommand(["runs", "list", "--tag", "gpt-4o"], { cwd })).stdout).toContain(report.run.id);
    const trace = await runCommand(["trace", "gpt-4o", "airline-7"], { cwd });
    expect(trace.exitCode).toBe(0);
    expect(trace.stdout).toContain("Tool calls");
  });

  it("names what is wrong with a file, and stores nothing", async () => {
    const file = join(cwd, "broken.jsonl");
    writeFileSync(file, '{"task_id": 1, "trial": 0}\n{"task_id":\n');
    const before = (await runCommand(["runs", "list", "--json"], { cwd })).stdout;
    const { exitCode, stderr } = await runCommand(["import", "tau", file, "--domain", "airline"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("broken.jsonl:1");
    expect(stderr).toContain("broken.jsonl:2");
    expect((await runCommand(["runs", "list", "--json"], { cwd })).stdout).toBe(before);
  });
});
