import type { Command } from "commander";
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
      command.argument(
        "[run]",
        "run id, its beginning, or a tag: then the newest run of each suite",
        "latest",
      ),
    ).option(
      "--exit-code <n>",
      "exit code of the evaluation: without a run, that is told instead of an error",
      nonNegativeInteger,
    ),
  );
}

/** What the arguments of a `ci` command ask for. */
export function ciRequest(reference: string, { config, exitCode }: CiFlags) {
  return {
    reference,
    ...(config === undefined ? {} : { config }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}
