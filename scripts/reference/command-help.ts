import type { Argument, Command, Option } from "commander";
import { buildProgram } from "../../src/cli.js";

/** What `--help` says of one command, read from commander's tree. */
export interface CommandHelp {
  /** E.g. `agentctl runs tag`. */
  readonly name: string;
  /** What follows the name, e.g. `[options] <run> <tag>`. */
  readonly usage: string;
  readonly description: string;
  readonly args: readonly Argument[];
  readonly options: readonly Option[];
  /** Names of the commands below this one. */
  readonly commands: readonly string[];
  /** The lines below `Examples:`. */
  readonly examples: readonly string[];
  /** All else that stands below the flags: exit codes, variables, remarks. */
  readonly remarks: readonly string[];
}

/** The program and every command below it, in the order of the help. */
export function commandHelps(): readonly CommandHelp[] {
  const printed: string[] = [];
  const program = buildProgram(
    {
      cwd: ".",
      env: {},
      print: (text) => printed.push(text),
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
  const visit = (command: Command, before: string): readonly CommandHelp[] => {
    const name = `${before} ${command.name()}`.trim();
    command.configureOutput({ getOutHelpWidth: () => 100 });
    printed.length = 0;
    command.outputHelp();
    const children = command.commands.filter((child) => child.name() !== "help");
    return [
      {
        name,
        usage: command.usage(),
        description: command.description(),
        args: command.registeredArguments,
        options: command.options,
        commands: children.map((child) => `${name} ${child.name()}`),
        ...textBelow(printed.join("\n")),
      },
      ...children.flatMap((child) => visit(child, name)),
    ];
  };
  return visit(program, "");
}

function textBelow(help: string): Pick<CommandHelp, "examples" | "remarks"> {
  const [, below = ""] = help.split("\nExamples:\n");
  const [examples = "", ...others] = below.split("\n\n");
  return {
    examples: examples.split("\n").map((line) => line.trim()),
    remarks: others.map((text) => text.trim()).filter((text) => text !== ""),
  };
}
