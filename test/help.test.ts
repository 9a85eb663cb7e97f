import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../src/cli.js";
import { variableOfFlag } from "../src/config/environment-variables.js";

const HELP_WIDTH = 100;

/** The program, and the place where it prints. */
function programThatPrints(): { readonly program: Command; readonly printed: string[] } {
  const printed: string[] = [];
  const program = buildProgram(
    {
      cwd: ".",
      env: {},
      print: (text) => printed.push(text),
      note: (text) => printed.push(text),
      isTerminal: false,
      useColor: false,
      columns: HELP_WIDTH,
      onInterrupt: () => () => {},
      changeEnvironment: () => {},
      setExitCode: () => {},
    },
    "0.0.0",
  );
  return { program, printed };
}

interface CommandHelp {
  /** e.g. `agentctl runs tag`. */
  readonly name: string;
  readonly text: string;
  readonly flags: readonly string[];
  /** Long flags that no environment variable sets. */
  readonly withoutVariable: readonly string[];
  readonly hasAction: boolean;
}

function helpOf(): readonly CommandHelp[] {
  const { program, printed } = programThatPrints();
  const visit = (command: Command, before: string): CommandHelp[] => {
    const name = `${before} ${command.name()}`.trim();
    command.configureOutput({ getOutHelpWidth: () => HELP_WIDTH });
    printed.length = 0;
    command.outputHelp();
    return [
      {
        name,
        text: printed.join("\n"),
        flags: command.options.flatMap(({ long, short }) => [long, short].filter((flag) => flag != null)),
        withoutVariable: command.options
          .filter(({ long, envVar }) => long !== "--version" && envVar !== variableOfFlag(long ?? ""))
          .map(({ flags }) => flags),
        hasAction: command.commands.length === 0,
      },
      ...command.commands.flatMap((child) => visit(child, name)),
    ];
  };
  return visit(program, "");
}

const pages = helpOf();

/** The commands of the examples, without the remarks beside them. */
function examplesOf(page: CommandHelp): readonly string[] {
  const [, after = ""] = page.text.split("\nExamples:\n");
  return (after.split("\n\n")[0] ?? "")
    .split("\n")
    .map((line) => line.trim().split(/\s{2,}/)[0] ?? "")
    .filter((line) => line.startsWith("agentctl"));
}

it("the help of the program and of every command is what it always was", async () => {
  const text = pages.map((page) => `$ ${page.name} --help\n${page.text}`).join("\n\n\n");
  await expect(`${text}\n`).toMatchFileSnapshot("__golden__/help.txt");
});

it.each([
  [["bogus"], "unknown command 'bogus'"],
  [["eval", "--gtae"], "unknown option '--gtae'"],
  [["memory", "show"], "required option '--user <id>' not specified"],
])("%j says what is wrong and where to look", async (args, problem) => {
  const { program, printed } = programThatPrints();
  await expect(program.parseAsync(args, { from: "user" })).rejects.toThrow();
  expect(printed.join("\n")).toContain(problem);
  expect(printed.join("\n")).toContain("next: add --help");
});

it.each(pages.filter((page) => page.hasAction))("$name offers --json and --quiet", (page) => {
  expect(page.flags).toEqual(expect.arrayContaining(["--json", "--quiet"]));
});

it.each(pages)("$name has a variable for each of its flags", (page) => {
  expect(page.withoutVariable).toEqual([]);
});

it("finds every command", () => {
  expect(pages.map((page) => page.name)).toEqual(
    expect.arrayContaining(["agentctl", "agentctl eval", "agentctl runs tag", "agentctl import tau"]),
  );
  expect(pages.length).toBeGreaterThanOrEqual(14);
});

describe.each(pages.filter((page) => page.name !== "agentctl"))("$name --help", (page) => {
  it("has at least two examples of this command, all of them real", () => {
    const examples = examplesOf(page);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) {
      expect(example.startsWith(page.name)).toBe(true);
      const shown = [...example.matchAll(/(?<=\s)--?[a-z][\w-]*/g)].map((match) => match[0]);
      const known = page.hasAction ? page.flags : pages.flatMap((one) => one.flags);
      expect(shown.filter((flag) => !known.includes(flag))).toEqual([]);
    }
  });

  it("describes the command and stays within the width", () => {
    const [usage, description] = page.text.split("\n\n");
    expect(usage).toMatch(/^Usage: agentctl /);
    expect(description).toMatch(/^[A-Z][\s\S]*\.$/);
    expect(page.text.split("\n").filter((line) => line.length > HELP_WIDTH)).toEqual([]);
  });
});
