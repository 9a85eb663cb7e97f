import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { buildProgram } from "../src/cli.js";
import { completeWords } from "../src/commands/completion/complete-words.js";
import { COMPLETION_SCRIPTS } from "../src/commands/completion/scripts.js";
import { typedWords } from "../src/commands/completion/typed-words.js";
import { VALUE_SOURCES } from "../src/eval/completion/value-source.js";
import { initialisedProject, runCli } from "./run-cli.js";

const run = promisify(execFile);
const program = buildProgram(
  {
    cwd: ".",
    env: {},
    print: () => {},
    note: () => {},
    isTerminal: false,
    useColor: false,
    columns: 80,
    onInterrupt: () => () => {},
    changeEnvironment: () => {},
    setExitCode: () => {},
  },
  "0.0.0",
);

function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

let cwd: string;
let bin: string;
beforeAll(async () => {
  cwd = await initialisedProject();
  await runCli(["eval", "--limit", "2", "--tag", "main", "--quiet"], { cwd });
  bin = join(cwd, "bin");
  mkdirSync(bin);
  symlinkSync(join(import.meta.dirname, "..", "bin", "agentctl.js"), join(bin, "agentctl"));
}, 60_000);

/** What bash offers at the end of a line, with the script as a user loads it. */
async function offered(line: string, folder = cwd): Promise<readonly string[]> {
  const harness = `
    source /dev/stdin <<< "$(agentctl completion bash)"
    COMP_LINE=$1; COMP_POINT=\${#COMP_LINE}
    # As readline splits: at spaces, and at = and : which are words of their own.
    spaced=$(sed 's/[=:]/ & /g' <<< "$COMP_LINE")
    read -ra COMP_WORDS <<< "$spaced"
    case $COMP_LINE in *" ") COMP_WORDS+=("") ;; esac
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _agentctl
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: process.env.HOME };
  const { stdout, stderr } = await run("bash", ["--norc", "-c", harness, "bash", line], { cwd: folder, env });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((one) => one !== "");
}

describe("in bash", () => {
  it.each([
    ["agentctl ev", ["eval"]],
    ["agentctl runs t", ["trend", "tag"]],
    ["agentctl eval --filter-f", ["--filter-failing"]],
    ["agentctl eval --suite ", ["starter"]],
    ["agentctl eval --suite=st", ["starter"]],
    ["agentctl eval --suite starter --case-id key-reset-0", ["key-reset-01", "key-reset-02", "key-reset-03"]],
    ["agentctl eval --filter-tag inj", ["injection"]],
    ["agentctl gate m", ["main"]],
    ["agentctl runs rm latest ma", ["main"]],
    ["agentctl runs trend task.s", ["task.success"]],
    ["agentctl judge run latest --judge help", ["helpfulness"]],
    ["agentctl completion f", ["fish"]],
    ["agentctl import tau gat", ["gates.yaml"]],
    ["agentctl eval --agent agents/s", ["agents/support.yaml"]],
    ["agentctl eval --bogus-flag --suite ", ["starter"]],
  ])("%s", async (line, wanted) => {
    const found = await offered(line);
    expect(found).toEqual(expect.arrayContaining([...wanted]));
    expect(found.length).toBeLessThanOrEqual(wanted.length + 1);
  });

  it("offers runs by id, tag and `latest`", async () => {
    const found = await offered("agentctl eval --filter-failing ");
    expect(found).toEqual(expect.arrayContaining(["latest", "main", expect.stringMatching(/^\d{8}-\d{6}-/)]));
  });

  it("offers every command, and every flag of one but those that were given", async () => {
    expect(await offered("agentctl ")).toEqual(program.commands.map((one) => one.name()));
    const flags = await offered("agentctl eval --suite starter --case-id a --");
    expect(flags).toEqual(expect.arrayContaining(["--agent", "--case-id", "--watch", "--help"]));
    expect(flags).not.toContain("--suite");
    expect(flags).not.toContain("--epochs");
  });

  it("replaces only what bash takes for the word: ids may hold colons and spaces", async () => {
    const dataset = join(cwd, "odd.jsonl");
    writeFileSync(
      dataset,
      ["a:one", "a:two", "b c"].map((id) => JSON.stringify({ id, input: "x" })).join("\n"),
    );
    expect(await offered("agentctl eval --dataset odd.jsonl --case-id a:t")).toEqual(["two"]);
    expect(await offered("agentctl eval --dataset odd.jsonl --case-id b")).toEqual(["b\\ c"]);
  });

  it("offers nothing rather than to fail without a project or with a broken one", async () => {
    expect(await offered("agentctl eval --suite ", "/")).toEqual([]);
    const broken = join(cwd, "broken");
    mkdirSync(broken);
    writeFileSync(join(broken, "agentctl.yaml"), "suites: [");
    expect(await offered("agentctl eval --suite ", broken)).toEqual([]);
  });
});

it("answers the words of zsh and fish with descriptions, and writes no file", async () => {
  const zsh = await runCli(["__complete", "zsh", "eval", "--su"], { cwd });
  expect(zsh.stdout).toMatch(/^--suite:suite of agentctl\.yaml/);
  const fish = await runCli(["__complete", "fish", "eval", "--suite="], { cwd });
  expect(fish).toMatchObject({ stdout: "--suite=starter", stderr: "", exitCode: 0 });
});

it("a name that would act on the terminal is never offered", async () => {
  writeFileSync(join(cwd, "evil.jsonl"), `${JSON.stringify({ id: "x\u001b[2J", input: "y" })}\n`);
  const args = ["__complete", "fish", "eval", "--dataset", "evil.jsonl", "--case-id", ""];
  expect((await runCli(args, { cwd })).stdout).toBe("");
});

it("looks values up for flags and arguments that there are", () => {
  const known = commandsOf(program).flatMap((command) => [
    ...command.options.map((option) => option.long),
    ...command.registeredArguments.map((argument) => `<${argument.name()}>`),
  ]);
  expect(Object.keys(VALUE_SOURCES).filter((name) => !known.includes(name))).toEqual([]);
});

it("every command and visible flag of the program can be completed", () => {
  for (const command of commandsOf(program)) {
    const path: string[] = [];
    for (let one = command; one.parent !== null; one = one.parent) path.unshift(one.name());
    const { candidates } = completeWords(program, [...path, "--"]);
    const flags = command.options.filter((option) => !option.hidden).map((option) => option.long);
    expect(candidates.map(({ value }) => value)).toEqual([...flags, "--help"]);
  }
});

it.each([
  ["agentctl eval ", ["agentctl", "eval", ""]],
  [`agentctl "a b" 'c"d' e\\ f`, ["agentctl", "a b", `c"d`, "e f"]],
  [`agentctl "open quo`, ["agentctl", "open quo"]],
])("splits %j as a shell does", (line, words) => {
  expect(typedWords(line)).toEqual(words);
});

it.each(Object.keys(COMPLETION_SCRIPTS))("completion %s prints the script", async (shell) => {
  const { stdout } = await runCli(["completion", shell], { cwd });
  const golden = join(import.meta.dirname, "__golden__", `completion.${shell}`);
  await expect(`${stdout}\n`).toMatchFileSnapshot(golden);
});
