import { type Command, Option } from "commander";
import { nonNegativeInteger, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

/** Flags of every `ci` command. */
export interface CiFlags extends OutputFlags {
  readonly config?: string;
  readonly exitCode?: number;
}

/** Adds what every `ci` command takes: the runs that it is about, and how their evaluation ended. */
export function withCiArguments(command: Command): Command {
  return withOutputFlags(
    withConfigFlag(
      command.argument("[run...]", "run ids, or tags: then the newest run of each suite", ["latest"]),
    ).option(
      "--exit-code <n>",
      "exit code of the evaluation: without a run, that is told instead of an error",
      nonNegativeInteger,
    ),
  );
}

/** What the arguments of a `ci` command ask for. */
export function ciRequest(references: readonly string[], { config, exitCode }: CiFlags) {
  return {
    references,
    ...(config === undefined ? {} : { config }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

export type CiFormat = "github" | "gitlab";

/** Adds the flag that chooses between the forms of two code hosts. */
export function withFormatFlag(command: Command, description: string): Command {
  const option = new Option("--format <format>", description).choices(["github", "gitlab"]);
  return command.addOption(option.default("github"));
}
