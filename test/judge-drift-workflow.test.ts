import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Command } from "commander";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { buildProgram } from "../src/cli.js";
import { root } from "./pages.js";
import { initialisedProject } from "./run-cli.js";

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: { readonly [name: string]: string };
}

interface Workflow {
  readonly on: { readonly workflow_call: { readonly inputs: object; readonly secrets: object } };
  readonly permissions: object;
  readonly env: { readonly [name: string]: string };
  readonly jobs: { readonly drift: { readonly permissions: object; readonly steps: readonly Step[] } };
}

/** A workflow of a user that calls ours. */
interface Caller {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly permissions: object;
  readonly jobs: {
    readonly drift: {
      readonly permissions: object;
      readonly uses: string;
      readonly with: object;
      readonly secrets: object;
    };
  };
}

const workflow = parse(
  readFileSync(join(root, ".github", "workflows", "agentctl-judge-drift.yml"), "utf8"),
) as Workflow;
const example = parse(readFileSync(join(root, "examples", "judge-drift.yml"), "utf8")) as Caller;
const { steps, permissions } = workflow.jobs.drift;

function step(name: string): Step {
  const found = steps.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no step ${name}`);
  return found;
}

describe("examples/judge-drift.yml", () => {
  it("runs weekly, with the rights that it needs and no more", () => {
    expect(example.on.schedule).toEqual([{ cron: "17 6 * * 0" }]);
    expect(example.permissions).toEqual({});
    expect(example.jobs.drift.permissions).toEqual(permissions);
    expect(permissions).toEqual({ actions: "read", contents: "read", issues: "write" });
  });

  it("calls the workflow that is there, with inputs and secrets that it knows", () => {
    const { uses, with: inputs, secrets } = example.jobs.drift;
    expect(uses).toMatch(/^octo\/agentctl\/\.github\/workflows\/agentctl-judge-drift\.yml@[0-9a-f]{40}$/);
    const known = workflow.on.workflow_call;
    expect(Object.keys(known.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
    expect(Object.keys(known.secrets)).toEqual(expect.arrayContaining(Object.keys(secrets)));
  });

  it("pins actions as our own workflow does", () => {
    const own = readFileSync(join(root, ".github", "workflows", "ci.yml"), "utf8");
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(3);
    for (const action of used) {
      expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
      expect(own).toContain(action);
    }
  });

  it("puts no text from outside into a script", () => {
    for (const { run = "" } of steps) expect(run).not.toContain("${{");
  });

  it("names commands and flags that exist", () => {
    const program = buildProgram(
      {
        cwd: root,
        env: {},
        print: () => {},
        note: () => {},
        isTerminal: false,
        useColor: false,
        columns: 100,
        onInterrupt: () => () => {},
        changeEnvironment: () => {},
        setExitCode: () => {},
      },
      "0.0.0",
    );
    const lines = steps.flatMap(({ run = "" }) =>
      run.split("\n").filter((line) => /npx agentctl/.test(line)),
    );
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      const words = (line.split("npx agentctl ")[1] ?? "").split(" ");
      const command = words.reduce<Command>(
        (found, word) => found.commands.find((one) => one.name() === word) ?? found,
        program,
      );
      expect(command.commands).toEqual([]);
      const known = command.options.flatMap(({ long }) => long ?? []);
      const flags = words.filter((word) => word.startsWith("--"));
      expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
    }
  });
});

describe("the steps of the weekly workflow", () => {
  let cwd = "";
  let env: { readonly [name: string]: string } = {};

  /** Stands in for what a runner has: `npx` of a project that depends on agentctl, and GitHub's own `gh`. */
  beforeAll(async () => {
    cwd = await initialisedProject();
    const bin = join(cwd, "bin");
    mkdirSync(bin);
    const script = (name: string, body: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    script("npx", `shift\nexec node -- "${join(root, "bin", "agentctl.js")}" "$@"`);
    script(
      "gh",
      `echo "$@" >> gh.log\ncase "$1 $2" in "issue list") cat gh.number 2> /dev/null || true ;; esac`,
    );
    const { PATH = "" } = process.env;
    env = {
      PATH: `${bin}${delimiter}${PATH}`,
      JUDGE: "baseline_helpfulness",
      ANCHORS: "anchors.jsonl",
      BUDGET_USD: "5",
      GITHUB_WORKFLOW: "judge drift",
      GITHUB_STEP_SUMMARY: join(cwd, "summary.md"),
      GITHUB_OUTPUT: join(cwd, "output"),
    };
    const anchors = Array.from({ length: 40 }, (_, index) => ({
      item: `anchor-${index}`,
      question: `How do I reset key number ${index}?`,
      answer: index % 2 === 0 ? `To reset key number ${index}, open the settings.` : "No.",
      value: index % 2 === 0 ? "5" : "1",
      author: "ann",
    }));
    writeFileSync(join(cwd, "anchors.jsonl"), anchors.map((one) => `${JSON.stringify(one)}\n`).join(""));
  });

  const runStep = (name: string, more: { readonly [name: string]: string } = {}) =>
    execa("bash", ["-e", "-c", step(name).run ?? ""], {
      cwd,
      env: { ...env, ...more },
      extendEnv: false,
      reject: false,
    });

  it("judge the anchors and take the first week for what it is: inconclusive, and no fault", async () => {
    for (const name of [
      "Restore the judgements of the weeks before",
      "Take in the anchors and their labels",
      "Judge the anchors again",
    ]) {
      expect(await runStep(name)).toMatchObject({ exitCode: 0 });
    }
    const drift = await runStep("Look for drift");
    expect(drift).toMatchObject({ exitCode: 0 });
    expect(drift.stdout).toContain("::warning::inconclusive: the judge said nothing before this period");
    const output = readFileSync(join(cwd, "output"), "utf8");
    expect(output).toMatch(/^code=4\nreport=reports\/judge-\d{4}-W\d{2}\.md\n$/);
    expect(readFileSync(join(cwd, "summary.md"), "utf8")).toContain("⚠️ inconclusive");
  });

  it("open an issue, and comment on the one that is open", async () => {
    const REPORT = "reports/report.md";
    copyFileSync(join(cwd, "summary.md"), join(cwd, REPORT));
    expect(await runStep("Open or update the issue", { REPORT })).toMatchObject({ exitCode: 0 });
    writeFileSync(join(cwd, "gh.number"), "7\n");
    expect(await runStep("Open or update the issue", { REPORT })).toMatchObject({ exitCode: 0 });
    const asked = readFileSync(join(cwd, "gh.log"), "utf8");
    expect(asked).toContain(
      "issue create --title Judge drift: baseline_helpfulness --body-file reports/report.md",
    );
    expect(asked).toContain("issue comment 7 --body-file reports/report.md");
    expect(step("Open or update the issue").if).toBe("steps.drift.outputs.code == '1'");
  });
});
