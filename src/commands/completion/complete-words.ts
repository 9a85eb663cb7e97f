import type { Argument, Command, Option } from "commander";

export interface Candidate {
  readonly value: string;
  /** One line; empty when there is nothing to say. */
  readonly description: string;
}

/** What may stand in place of the last word. */
export interface Completion {
  /** Known from the command line alone. */
  readonly candidates: readonly Candidate[];
  /** Name of the flag (`--suite`) or argument (`<run>`) whose value is typed; its values are looked up elsewhere. */
  readonly valueOf: string | null;
  readonly isFile: boolean;
  /** What was typed of it, without the flag before an equals sign. */
  readonly typed: string;
  /** What stands before the value in the word: `--suite=`. */
  readonly before: string;
  /** Values of flags that were given, by long name, the last one each. */
  readonly given: ReadonlyMap<string, string>;
}

/** A value that is named like this is a path. */
const PATH_NAME = /^(file|folder|path|results)(\.\.\.)?$/;

/**
 * Finds what can stand in place of the last word of a command line, from the commands and flags themselves.
 *
 * @param words - after `agentctl`; the last one is being typed
 */
export function completeWords(program: Command, words: readonly string[]): Completion {
  const typed = words.at(-1) ?? "";
  const given = new Map<string, string>();
  let command = program;
  let positional = 0;
  let waiting: Option | null = null;
  let isPlain = false;
  for (const word of words.slice(0, -1)) {
    if (isPlain) positional += 1;
    else if (waiting !== null && !word.startsWith("-")) {
      given.set(waiting.long ?? "", word);
      if (!waiting.variadic) waiting = null;
    } else if (word === "--") isPlain = true;
    else if (word.startsWith("-")) {
      const [name = "", value] = word.split(/=(.*)/s);
      const option = optionOf(command, name);
      if (option !== undefined) given.set(option.long ?? name, value ?? "");
      waiting = value === undefined && option !== undefined && takesValue(option) ? option : null;
    } else {
      const child: Command | undefined =
        positional === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (child === undefined) positional += 1;
      else command = child;
    }
  }
  const rest = { typed, before: "", given };
  if (isPlain) return { ...rest, ...argumentAt(command, positional, []) };
  const [flag = "", value] = typed.startsWith("--") ? typed.split(/=(.*)/s) : [];
  const assigned = value === undefined ? undefined : optionOf(command, flag);
  if (assigned !== undefined)
    return { ...rest, ...valuesOf(assigned), typed: value ?? "", before: `${flag}=` };
  if (waiting !== null && !typed.startsWith("-")) {
    const values = valuesOf(waiting);
    // A flag whose value may be left out does not take what follows for it alone.
    const others = waiting.optional ? flagsOf(command, given) : [];
    return { ...rest, ...values, candidates: [...values.candidates, ...others] };
  }
  if (typed.startsWith("-"))
    return { ...rest, candidates: flagsOf(command, given), valueOf: null, isFile: false };
  const children = positional === 0 ? command.commands.filter(isShown) : [];
  const names = children.map((one) => ({
    value: one.name(),
    description: one.summary() || one.description(),
  }));
  const found = argumentAt(command, positional, names);
  const isNothing = found.candidates.length === 0 && found.valueOf === null && !found.isFile;
  return { ...rest, ...found, candidates: isNothing ? flagsOf(command, given) : found.candidates };
}

/** A variadic argument takes all words that are left. */
function argumentAt(
  command: Command,
  position: number,
  candidates: readonly Candidate[],
): Pick<Completion, "candidates" | "valueOf" | "isFile"> {
  const last = command.registeredArguments.at(-1);
  const argument: Argument | undefined =
    command.registeredArguments[position] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined) return { candidates, valueOf: null, isFile: false };
  const choices = (argument.argChoices ?? []).map(bare);
  return {
    candidates: [...candidates, ...choices],
    valueOf: `<${argument.name()}>`,
    isFile: PATH_NAME.test(argument.name()),
  };
}

function valuesOf(option: Option): Pick<Completion, "candidates" | "valueOf" | "isFile"> {
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1] ?? "";
  return {
    candidates: (option.argChoices ?? []).map(bare),
    valueOf: option.long ?? null,
    isFile: PATH_NAME.test(placeholder),
  };
}

function flagsOf(command: Command, given: ReadonlyMap<string, string>): readonly Candidate[] {
  return command.options
    .filter((option) => !option.hidden && option.long != null)
    .filter((option) => isRepeatable(option) || !given.has(option.long ?? ""))
    .map((option) => ({ value: option.long ?? "", description: option.description }))
    .concat({ value: "--help", description: "display help for command" });
}

/** The descriptions say so, for commander does not know of a parser that collects. */
function isRepeatable(option: Option): boolean {
  return option.variadic || option.description.includes("repeatable");
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function optionOf(command: Command, name: string): Option | undefined {
  return command.options.find((option) => option.long === name || option.short === name);
}

/** Commander knows it, and says it to nobody. */
function isShown(command: Command): boolean {
  return !("_hidden" in command && command._hidden === true);
}

function bare(value: string): Candidate {
  return { value, description: "" };
}
