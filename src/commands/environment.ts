import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import {
  envFileFlag,
  environmentChanges,
  type FlagDefinition,
  parseDotEnv,
  variableOfFlag,
} from "../config/environment-variables.js";
import { UsageError } from "../core/errors.js";
import type { CommandIo } from "./io.js";

/** Reads the `.env` file and gives every long flag its variable, before the flags are parsed. */
export function applyEnvironment(program: Command, args: readonly string[], io: CommandIo): void {
  const text = readEnvFile(envFileFlag(args), io.cwd);
  const changes = environmentChanges(
    bindEnvironment(program),
    io.env,
    text === null ? {} : parseDotEnv(text),
  );
  io.changeEnvironment(changes.set, changes.unset);
  for (const warning of changes.warnings) io.note(`warning: ${warning}`);
}

function bindEnvironment(program: Command): readonly FlagDefinition[] {
  const flags = new Map<string, FlagDefinition>();
  const visit = (command: Command) => {
    for (const option of command.options) {
      if (option.long === undefined || option.long === null || option.long === "--version") continue;
      const name = option.long.replace(/^--(no-)?/, "");
      option.env(variableOfFlag(name));
      flags.set(name, { name, isSwitch: option.isBoolean() });
    }
    for (const child of command.commands) visit(child);
  };
  visit(program);
  return [...flags.values()];
}

function readEnvFile(file: string | undefined, workingDirectory: string): string | null {
  const path = join(workingDirectory, file ?? ".env");
  if (existsSync(path)) return readFileSync(path, "utf8");
  if (file === undefined) return null;
  throw new UsageError(`--env-file ${file}: expected a file, found none`);
}
