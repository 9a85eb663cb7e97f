import { type Command, InvalidArgumentError } from "commander";
import { problemOfTag } from "../core/run-tag.js";
import type { CommandIo } from "./io.js";

/** Values of the flags that every command has. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Adds the flags that every command has. */
export function withOutputFlags(command: Command): Command {
  return command
    .option("--json", "print one JSON document on stdout")
    .option("--quiet", "no progress and no notes on stderr, only errors");
}

/** Adds the flag of every command that works in a project. */
export function withConfigFlag(command: Command): Command {
  return command.option("-c, --config <file>", "project file (default: agentctl.yaml here or above)");
}

/** Writes notes unless they are not wanted. Errors never go this way. */
export function notesFor(flags: OutputFlags, io: CommandIo): CommandIo["note"] {
  return flags.quiet === true ? () => {} : io.note;
}

/** Parses a whole number of at least 1. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError("expected a whole number of at least 1.");
  return value;
}

/** Parses a whole number, 0 or more. */
export function nonNegativeInteger(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError("expected a whole number of at least 0.");
  }
  return value;
}

/** Parses a TCP port; 0 means a free one. */
export function portNumber(text: string): number {
  const port = nonNegativeInteger(text);
  if (port > 65_535) throw new InvalidArgumentError("expected a port, at most 65535.");
  return port;
}

/** Parses a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

/** Longest time that a timer of Node can wait, in seconds: about 24 days. */
const MOST_SECONDS = 2_147_483;

/** Parses a time limit in seconds. */
export function timeLimit(text: string): number {
  const value = positiveNumber(text);
  if (value > MOST_SECONDS) throw new InvalidArgumentError(`expected at most ${MOST_SECONDS} seconds.`);
  return value;
}

/** Collects the values of an option that may be given several times, also comma-separated in a variable. */
export function collect(text: string, previous: readonly string[] | undefined): readonly string[] {
  return [
    ...(previous ?? []),
    ...text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  ];
}

/** Collects tags to give to a run. */
export function collectTags(text: string, previous: readonly string[] | undefined): readonly string[] {
  const tags = collect(text, previous);
  for (const tag of tags) {
    const problem = problemOfTag(tag);
    if (problem !== null) throw new InvalidArgumentError(`${problem}.`);
  }
  return tags;
}
