import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Command, type Option } from "commander";
import {
  envFileFlag,
  environmentChanges,
  type FlagDefinition,
  parseDotEnv,
  variableOfFlag,
} from "../config/environment-variables.js";
import { UsageError } from "../core/errors.js";
import type { CommandIo } from "./io.js";

/**
 * A command whose long flags each have an environment variable. It must be known before the flag is added:
 * commander listens to no variable that comes later.
 */
export class EnvironmentCommand extends Command {
  override createCommand(name?: string): Command {
    return new EnvironmentCommand(name);
  }

  override addOption(option: Option): this {
    return super.addOption(isBound(option) ? option.env(variableOfFlag(option.long)) : option);
  }
}

function isBound(option: Option): option is Option & { readonly long: string } {
  return (
    option.long !== undefined &&
    option.long !== null &&
    option.long !== "--version" &&
    option.long !== "--help"
  );
}

/** Reads the `.env` file and corrects the variables of switches, before the flags are parsed. */
export async function applyEnvironment(
  program: Command,
  args: readonly string[],
  io: CommandIo,
): Promise<void> {
  const file = envFileFlag(args) ?? io.env[variableOfFlag("env-file")];
  const text = await readEnvFile(file, io.cwd);
  const changes = environmentChanges(flagsOf(program), io.env, text === null ? {} : parseDotEnv(text));
  io.changeEnvironment(changes.set, changes.unset);
  if (isQuiet(args, io)) return;
  for (const warning of changes.warnings) io.note(`warning: ${warning}`);
}

/** Warnings come before the flags are parsed, so that they are seen when parsing fails. */
function isQuiet(args: readonly string[], io: CommandIo): boolean {
  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  return flags.includes("--quiet") || io.env[variableOfFlag("quiet")] !== undefined;
}

function flagsOf(program: Command): readonly FlagDefinition[] {
  const flags = new Map<string, FlagDefinition>();
  const visit = (command: Command) => {
    for (const option of command.options) {
      if (isBound(option))
        flags.set(option.long, { name: option.long, isSwitch: !option.required && !option.optional });
    }
    for (const child of command.commands) visit(child);
  };
  visit(program);
  return [...flags.values()];
}

/** The named file; else `.env` here, else beside the nearest agentctl.yaml above. */
async function readEnvFile(file: string | undefined, workingDirectory: string): Promise<string | null> {
  if (file !== undefined) {
    const path = resolve(workingDirectory, file);
    if (isFile(path)) return readFileSync(path, "utf8");
    throw new UsageError(
      `--env-file ${file}: expected a file, found ${existsSync(path) ? "a folder" : "none"}`,
    );
  }
  const { findProjectFile } = await import("../eval/project/find-project-file.js");
  const project = findProjectFile(workingDirectory);
  for (const folder of [workingDirectory, ...(project === null ? [] : [dirname(project)])]) {
    // A folder of that name is a Python environment, not ours.
    if (isFile(join(folder, ".env"))) return readFileSync(join(folder, ".env"), "utf8");
  }
  return null;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
