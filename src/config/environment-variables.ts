import { parseEnv } from "node:util";
import { UsageError } from "../core/errors.js";
import { didYouMean } from "../core/nearest.js";

/** A long flag, as far as its environment variable matters. */
export interface FlagDefinition {
  /** Long name with or without its dashes, e.g. `max-concurrency`. */
  readonly name: string;
  /** A switch has no value on the command line; its variable says true or false. */
  readonly isSwitch: boolean;
}

/** What the program does to its environment before it parses its flags. */
export interface EnvironmentChanges {
  /** Variables of the `.env` file that the process does not have; a process variable wins. */
  readonly set: { readonly [name: string]: string };
  /** Switches turned off by a false value: commander takes any value of a switch's variable as "on". */
  readonly unset: readonly string[];
  /** One sentence for each `AGENTCTL_…` variable that belongs to no flag. */
  readonly warnings: readonly string[];
}

const PREFIX = "AGENTCTL_";
const TRUE_WORDS = ["1", "true", "yes", "on"];
const FALSE_WORDS = ["", "0", "false", "no", "off"];

/** The environment variable of a flag: `AGENTCTL_MAX_CONCURRENCY` for `--max-concurrency`. */
export function variableOfFlag(name: string): string {
  return PREFIX + name.replace(/^--/, "").replaceAll("-", "_").toUpperCase();
}

/** Reads the text of a `.env` file: `NAME=value` lines, quotes, comments; BOM and CRLF are accepted. */
export function parseDotEnv(text: string): { readonly [name: string]: string } {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return parseEnv(source.replaceAll("\r\n", "\n")) as { [name: string]: string };
}

/**
 * The `--env-file` of a command line, which must be known before the flags are parsed, because the file may
 * hold their values. `undefined` when the flag is absent; what follows `--` is not looked at.
 */
export function envFileFlag(args: readonly string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (arg === "--") return undefined;
    if (arg === "--env-file") return args[index + 1];
    if (arg.startsWith("--env-file=")) return arg.slice("--env-file=".length);
  }
  return undefined;
}

/**
 * Works out how the environment must change so that commander's `Option.env()` gives the precedence
 * flag > process variable > `.env` file > configuration file > default. `Option.env()` must be called before the
 * option is added to its command: commander listens to no variable that it learns of later.
 *
 * @throws {UsageError} if the variable of a switch is neither true nor false
 */
export function environmentChanges(
  flags: readonly FlagDefinition[],
  processVariables: { readonly [name: string]: string | undefined },
  dotEnv: { readonly [name: string]: string },
): EnvironmentChanges {
  const set = new Map(Object.entries(dotEnv).filter(([name]) => processVariables[name] === undefined));
  const lookUp = (name: string): string | undefined => processVariables[name] ?? set.get(name);
  const unset: string[] = [];
  for (const flag of flags) {
    const name = variableOfFlag(flag.name);
    const value = lookUp(name);
    if (!flag.isSwitch || value === undefined || isOn(name, value)) continue;
    if (!set.delete(name)) unset.push(name);
  }
  const known = flags.map((flag) => variableOfFlag(flag.name));
  const ours = [...Object.keys(processVariables), ...set.keys()].filter((name) => name.startsWith(PREFIX));
  const unknown = ours.filter(
    (name) => lookUp(name) !== undefined && !known.includes(name) && !unset.includes(name),
  );
  const warnings = unknown.map((name) => `${name} belongs to no flag${didYouMean(name, known)}`);
  return { set: Object.fromEntries(set), unset, warnings };
}

function isOn(name: string, value: string): boolean {
  const word = value.trim().toLowerCase();
  if (TRUE_WORDS.includes(word)) return true;
  if (FALSE_WORDS.includes(word)) return false;
  throw new UsageError(`${name} expected true or false, found another value; write ${name}=true or unset it`);
}
