import type { Command } from "commander";
import { type OutputFlags, withOutputFlags } from "./options.js";

/** Flags of every command about one release. */
export interface ReleaseFlags extends OutputFlags {
  readonly release: string;
  readonly id?: string;
}

/** Flags of every command that is recorded. */
export interface ActorFlags extends ReleaseFlags {
  readonly actor?: string;
  readonly reason?: string;
}

/** Adds the flag that says where the service runs. */
export function withReleaseFile(command: Command): Command {
  return withOutputFlags(
    command.option("--release <file>", "where the service runs, and where its journal is", "release.yaml"),
  );
}

/** Adds the flags that say which release. */
export function withReleaseFlags(command: Command): Command {
  return withReleaseFile(command).option(
    "--id <release>",
    "release (default: the live one, else the newest)",
  );
}

/** Adds the flags that say who, and why. */
export function withActorFlags(command: Command, reason: string): Command {
  return withReleaseFlags(command)
    .option("--actor <name>", "your name, as the journal records it (default: that of git or the system)")
    .option("--reason <text>", reason);
}

/** The examples of a command, for its help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
