import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, it } from "vitest";
import { documentOf } from "./json-documents.js";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

interface GateDocument {
  readonly verdict: string;
  readonly notes: readonly string[];
  readonly results: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly reason: string;
    readonly baseline: { readonly runId: string } | null;
  }[];
  readonly skipped: readonly { readonly name: string }[];
}

const PASSING = "  - { metric: task.success, min: 0.1 }\n";
const NO_WORSE = "  - { metric: task.success, no_worse_than: baseline, margin: 0.5 }\n";

let cwd: string;

function git(...args: string[]) {
  const who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
  return execa("git", [...who, ...args], { cwd });
}

function edit(file: string, change: (text: string) => string): void {
  const path = join(cwd, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

function writeGates(rules: string, head = ""): void {
  writeFileSync(join(cwd, "gates.yaml"), `version: 1\n${head}gates:\n${rules}`);
}

async function evaluate(args: readonly string[] = [], env: Record<string, string> = {}): Promise<string> {
  const { stderr, exitCode } = await runCommand(["eval", "-n", "12", ...args], { cwd, env });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return stderr;
}

async function idOf(reference: string): Promise<string> {
  const { run } = await documentOf("run-report", ["runs", "show", reference], { cwd });
  return (run as { readonly id: string }).id;
}

async function gate(...args: readonly string[]): Promise<GateDocument> {
  const { stdout, stderr } = await runCommand(["gate", ...args, "--json"], { cwd });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as GateDocument;
}

beforeEach(async () => {
  cwd = await initialisedProject();
  writeGates(PASSING);
});

describe("--update-baseline", () => {
  beforeEach(async () => {
    await git("init", "-q", "-b", "main");
    await git("add", ".");
    await git("commit", "-q", "-m", "first");
  });

  it("never moves to a run that stopped once its verdict was known", async () => {
    const { stderr } = await runCommand(["eval", "--until", "decided", "--update-baseline"], { cwd });
    expect(stderr).toMatch(
      /the baseline main did not move: run \S+ is decided, and a baseline has all trials/,
    );
  });

  it("moves the tag to a passing run of the default branch, and takes it from the one before", async () => {
    expect(await evaluate(["--update-baseline"])).toMatch(/the baseline main moved to run \S+$/m);
    const first = await idOf("main");
    expect(await evaluate(["--gate", "--update-baseline"])).toContain(`moved from ${first} to run`);
    const { runs } = await documentOf("run-list", ["runs", "list", "--tag", "main"], { cwd });
    expect(runs).toMatchObject([{ id: await idOf("latest") }]);
    await evaluate();
    const { stderr } = await runCommand(["gate", "--update-baseline"], { cwd });
    expect(stderr).toContain(`to run ${await idOf("latest")}`);
  });

  it("says why it did not move, and leaves the exit code as it is", async () => {
    const attempt = (env?: Record<string, string>) => evaluate(["--update-baseline"], env);
    expect(await attempt({ GITHUB_EVENT_NAME: "pull_request" })).toContain("this is a pull request");
    await git("checkout", "-q", "--detach");
    expect(await attempt()).toContain("no branch is checked out");
    expect(await attempt({ CI_COMMIT_BRANCH: "fix", CI_DEFAULT_BRANCH: "main" })).toContain(
      "fix is not the default branch (main)",
    );
    await git("checkout", "-q", "-b", "fix");
    expect(await attempt()).toContain("fix is not the default branch (main)");
    await git("checkout", "-q", "main");
    edit("agents/prompts/support.md", (text) => `${text}\nBe brief.\n`);
    expect(await attempt()).toContain("changes that are not committed");
    await git("commit", "-q", "-am", "brief");
    const { stderr } = await runCommand(["gate", "--update-baseline"], { cwd });
    expect(stderr).toContain("was not made from the commit that is checked out");
    writeGates("  - { metric: task.success, max: 0 }\n");
    await git("commit", "-q", "-am", "strict");
    expect(await attempt()).toContain("the gate did not pass (fail)");
    expect((await runCommand(["runs", "show", "main"], { cwd })).exitCode).toBe(2);
  });

  it("moves on the detached head that CI checks out of the default branch", async () => {
    await git("checkout", "-q", "--detach");
    const ci = { GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/main", GITHUB_REF_NAME: "main" };
    expect(await evaluate(["--update-baseline"], ci)).toContain("the baseline main moved to run");
  });

  it("judges the new baseline against the one before it, also afterwards", async () => {
    await evaluate(["--tag", "main"]);
    const before = await idOf("main");
    writeGates(PASSING + NO_WORSE);
    await git("commit", "-q", "-am", "gates");
    expect(await evaluate(["--gate", "--update-baseline"])).toContain(`moved from ${before}`);
    const { results } = await gate("main");
    expect(results[1]).toMatchObject({ verdict: "pass", baseline: { runId: before } });
  });

  it("writes a baseline that is a file anew", async () => {
    writeGates(PASSING, "baseline: base/main.jsonl\n");
    await git("commit", "-q", "-am", "file");
    expect(await evaluate(["--update-baseline"])).toContain("to the baseline base/main.jsonl; commit it");
    expect(readFileSync(join(cwd, "base/main.jsonl"), "utf8")).toContain(await idOf("latest"));
  });
});

describe("a baseline", () => {
  it("is the newest run of the same suite that carries the tag", async () => {
    edit("agentctl.yaml", (text) =>
      text.replace(
        /^suites:\n/m,
        "suites:\n  other:\n    dataset: datasets/starter.jsonl\n    agent: agents/support.yaml\n",
      ),
    );
    await evaluate(["--tag", "main"]);
    const own = await idOf("latest");
    await evaluate(["--suite", "other", "--tag", "main"]);
    writeGates(NO_WORSE);
    await evaluate();
    expect((await gate("latest")).results[0]?.baseline?.runId).toBe(own);
    await runCommand(["runs", "tag", own, "main", "--remove"], { cwd });
    const [result] = (await gate("latest")).results;
    expect(result).toMatchObject({ verdict: "inconclusive", baseline: null });
    expect(result?.reason).toContain("no run of suite starter is tagged main");
  });

  it("can be a file, which is checked", async () => {
    await evaluate();
    const first = await idOf("latest");
    for (const file of ["main.jsonl", "main.json"]) {
      const exported = await documentOf("exported-run", ["runs", "export", first, "-o", file], { cwd });
      expect(exported).toMatchObject({ runId: first, cases: 12, trials: 12, hasTrials: false });
      await runCommand(["runs", "export", first, "-o", `again-${file}`], { cwd });
      expect(readFileSync(join(cwd, `again-${file}`), "utf8")).toBe(readFileSync(join(cwd, file), "utf8"));
    }
    await evaluate();
    for (const file of ["main.jsonl", "./main.json"]) {
      writeGates(NO_WORSE, `baseline: ${file}\n`);
      expect((await gate("latest")).results[0]).toMatchObject({
        verdict: "pass",
        baseline: { runId: first },
      });
    }
    edit("main.json", (text) => text.replace('"value":1}', '"value":0}'));
    const changed = await runCommand(["gate"], { cwd });
    expect(changed).toMatchObject({ exitCode: 2 });
    expect(changed.stderr).toContain("was changed after it was written");
    edit("main.jsonl", (text) => text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1));
    writeGates(NO_WORSE, "baseline: main.jsonl\n");
    expect((await runCommand(["gate"], { cwd })).stderr).toContain("ends too early");
    writeGates(NO_WORSE, "baseline: gone.jsonl\n");
    expect((await gate("latest")).results[0]?.reason).toContain("found no file gone.jsonl");
  });

  it("as a file holds no conversation, no detail and no text of a holdout case", async () => {
    edit("datasets/starter.jsonl", (text) =>
      text.replaceAll(/^.*"group":"key-reset".*$/gm, (line) =>
        JSON.stringify({ ...JSON.parse(line), input: "A SECRET QUESTION?", split: "holdout" }),
      ),
    );
    await evaluate();
    await runCommand(["runs", "export", "latest", "-o", "main.jsonl"], { cwd });
    const text = readFileSync(join(cwd, "main.jsonl"), "utf8");
    expect(text).not.toMatch(
      /SECRET|identity verification"\],"mustNotInclude.*key-reset-01|"detail"|event_type/,
    );
    expect(text).toContain('"hidden":true');
    expect(text).not.toContain(cwd);
  });

  it("is refused when it is unlike the run, unless somebody says why not", async () => {
    await evaluate(["--tag", "main"]);
    edit("datasets/starter.jsonl", (text) =>
      text.replace("How do I reset an expired API key?", "Reset a key?"),
    );
    writeGates(NO_WORSE);
    await evaluate();
    const refused = await gate("latest");
    expect(refused.results[0]).toMatchObject({ verdict: "inconclusive", baseline: null });
    expect(refused.results[0]?.reason).toContain("1 of the cases changed between the runs (key-reset-01)");
    expect(refused.results[0]?.reason).toContain("--force --reason");
    const forced = await gate("latest", "--force", "--reason", "a typo in the question");
    expect(forced).toMatchObject({ verdict: "pass" });
    expect(forced.notes.join("\n")).toMatch(
      /compared with main although 1 of the cases changed .*; forced by .+: a typo in the question/,
    );
    const compare = ["compare", "main", "latest"];
    expect((await runCommand(compare, { cwd })).stderr).toContain("are unlike: 1 of the cases changed");
    const { stdout } = await runCommand([...compare, "--force", "--reason", "a typo"], { cwd });
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
      /although 1 of the cases changed .*; forced by .+: a typo/,
    );
    expect((await runCommand(["gate", "--force"], { cwd })).exitCode).toBe(2);
    expect((await runCommand(["eval", "--reason", "none"], { cwd })).exitCode).toBe(2);
  });

  it("says what changed since", async () => {
    await evaluate(["--tag", "main"]);
    const when = (part: string) =>
      `  - { name: ${part}, metric: task.success, min: 0.1, when: changed(${part}) }\n`;
    writeGates(["agent", "prompt", "retrieval", "dataset", "guardrails"].map(when).join(""));
    const judgedParts = async () => {
      await evaluate();
      return (await gate("latest")).results.map(({ name }) => name);
    };
    expect(await judgedParts()).toEqual([]);
    edit("agents/support.yaml", (text) => text.replace(/top_k: \d+/, "top_k: 2"));
    expect(await judgedParts()).toEqual(["agent", "retrieval"]);
    edit("agents/prompts/support.md", (text) => `${text}\nBe brief.\n`);
    edit("datasets/starter.jsonl", (text) => text.replace("expired API key?", "old API key?"));
    expect(await judgedParts()).toEqual(["agent", "prompt", "retrieval", "dataset"]);
  });
});
