import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { documentOf } from "./json-documents.js";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

interface Suite {
  readonly suite: string;
  readonly isRun: boolean;
  readonly reason: string;
  readonly runId: string;
  readonly verdict: string | null;
  readonly exitCode: number;
}

let cwd: string;

function edit(file: string, change: (text: string) => string): void {
  const path = join(cwd, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

async function changed(args: readonly string[] = [], exitCode = 0): Promise<readonly Suite[]> {
  const line = ["eval", "--changed", ...args, "-n", "3", "--quiet"];
  const { suites } = await documentOf("changed-suites", line, { cwd, exitCode });
  return suites as readonly Suite[];
}

function whichRan(suites: readonly Suite[]): readonly string[] {
  return suites.filter(({ isRun }) => isRun).map(({ suite }) => suite);
}

beforeAll(async () => {
  cwd = await initialisedProject();
  writeFileSync(
    join(cwd, "mine.mjs"),
    `export default {
      name: "custom.words", description: "Words of the answer.", unit: "count", direction: "lower",
      aggregate: "mean", score: ({ trace }) => ({ value: (trace.answer ?? "").split(" ").length }),
    };\n`,
  );
  for (const name of ["agents/support.yaml", "datasets/starter.jsonl"]) {
    writeFileSync(join(cwd, name.replace(/(support|starter)/, "$1-two")), readFileSync(join(cwd, name)));
  }
  edit("agentctl.yaml", (text) =>
    text.replace(
      /^suites:\n/m,
      "suites:\n  two:\n    dataset: datasets/starter-two.jsonl\n    agent: agents/support-two.yaml\n",
    ),
  );
  writeFileSync(join(cwd, "gates.yaml"), "version: 1\ngates:\n  - { metric: task.success, min: 0.1 }\n");
});

describe("eval --changed", () => {
  it("runs what never ran, then nothing until something changes", async () => {
    expect((await changed()).map(({ reason }) => reason)).toEqual([
      "it has no complete run yet",
      "it has no complete run yet",
    ]);
    const unchanged = await changed();
    expect(whichRan(unchanged)).toEqual([]);
    expect(unchanged[0]).toMatchObject({
      verdict: "pass",
      reason: `unchanged since run ${unchanged[0]?.runId}`,
    });
    edit("agents/support-two.yaml", (text) => text.replace(/top_k: \d+/, "top_k: 1"));
    expect(whichRan(await changed())).toEqual(["two"]);
    expect(whichRan(await changed())).toEqual([]);
  });

  it("notices the golden set and the prompt", async () => {
    edit("datasets/starter-two.jsonl", (text) => text.replace("expired API key?", "old API key?"));
    expect(whichRan(await changed())).toEqual(["two"]);
    edit("agents/prompts/support.md", (text) => `${text}\nBe brief.\n`);
    expect(whichRan(await changed())).toEqual(["two", "starter"]);
  });

  it("notices the seed, the trials and metrics of one's own", async () => {
    expect(whichRan(await changed(["--suite", "starter", "--seed", "3"]))).toEqual(["starter"]);
    expect(whichRan(await changed(["--suite", "starter", "--trials", "2"]))).toEqual(["starter"]);
    edit("agentctl.yaml", (text) => `${text}\nmetrics: [default, ./mine.mjs]\n`);
    expect(whichRan(await changed(["--suite", "two"]))).toEqual(["two"]);
    edit("mine.mjs", (text) => text.replace('split(" ")', 'split("  ")'));
    expect(whichRan(await changed(["--suite", "two"]))).toEqual(["two"]);
    expect(whichRan(await changed(["--suite", "two"]))).toEqual([]);
  });

  it("judges what it does not run by the gates as they are now", async () => {
    await changed();
    writeFileSync(join(cwd, "gates.yaml"), "version: 1\ngates:\n  - { metric: task.success, max: 0.01 }\n");
    const suites = await changed(["--gate"], 1);
    expect(suites).toMatchObject([
      { isRun: false, verdict: "fail", exitCode: 1 },
      { isRun: false, verdict: "fail", exitCode: 1 },
    ]);
    const { stdout, exitCode } = await runCommand(["eval", "--changed", "--gate", "-n", "3"], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^two: not run: unchanged since run \S+, gate: fail$/m);
  });

  it("compares with the run of a name, where one is given", async () => {
    const [two] = await changed(["--suite", "two"]);
    await runCommand(["runs", "tag", two?.runId ?? "", "good"], { cwd });
    edit("agents/support-two.yaml", (text) => text.replace(/top_k: \d+/, "top_k: 3"));
    expect(whichRan(await changed(["good", "--suite", "two"]))).toEqual(["two"]);
    expect(whichRan(await changed(["good", "--suite", "two"]))).toEqual(["two"]);
    expect(whichRan(await changed(["--suite", "two"]))).toEqual([]);
  });

  it("always runs an agent that is not built in", async () => {
    writeFileSync(
      join(cwd, "agents/mine.mjs"),
      'export default async function* () { yield { type: "reply", text: "Hello." }; }\n',
    );
    writeFileSync(
      join(cwd, "agents/mine.yaml"),
      "kind: module\nname: mine\nversion: '1'\nmodule: ./mine.mjs\n",
    );
    edit("agentctl.yaml", (text) => text.replaceAll("agents/support-two.yaml", "agents/mine.yaml"));
    for (let round = 0; round < 2; round += 1) {
      const { stdout } = await runCommand(["eval", "--changed", "--suite", "two", "-n", "2"], { cwd });
      expect(stdout).toContain("its agent is not built in: nobody here knows whether it changed");
    }
  });

  it("refuses flags that name one run or one suite", async () => {
    const refused = [
      ["--resume"],
      ["--agent", "agents/support.yaml"],
      ["--dataset", "datasets/starter.jsonl"],
    ];
    for (const flags of refused) {
      const { exitCode } = await runCommand(["eval", "--changed", ...flags], { cwd });
      expect(exitCode).toBe(2);
    }
  });
});
