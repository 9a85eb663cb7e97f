import type { Command } from "commander";
import { type Candidate, completeWords } from "./complete-words.js";
import { typedWords } from "./typed-words.js";

/** First argument of the hidden call by which a shell asks for candidates. */
export const COMPLETE_CALL = "__complete";

/** Tells the shell to add files. */
const FILES = ":files";

/** Looks up the values of a flag or an argument in a project. */
export type ValueLookup = (kind: string, given: ReadonlyMap<string, string>) => Promise<readonly Candidate[]>;

/**
 * Answers a shell: one candidate a line, as that shell takes it.
 *
 * @param args - `bash LINE-TO-THE-CURSOR`, or `zsh` or `fish` and the words after the program's name
 */
export async function completeLine(
  program: Command,
  args: readonly string[],
  lookUp: ValueLookup,
): Promise<string> {
  const [shell = "", ...rest] = args;
  const words = shell === "bash" ? typedWords(rest[0] ?? "").slice(1) : rest;
  const found = completeWords(program, words);
  const values = found.valueOf === null ? [] : await lookUp(found.valueOf, found.given);
  const fitting = [...values, ...found.candidates]
    .filter(({ value }) => value.startsWith(found.typed) && isPrintable(value))
    .map(({ value, description }) => ({ value: found.before + value, description: brief(description) }));
  const unique = [...new Map(fitting.map((one) => [one.value, one])).values()];
  const whole = words.at(-1) ?? "";
  const lines = unique.map((one) => lineOf(one, shell, whole));
  return [...lines, ...(found.isFile ? [FILES] : [])].map((line) => `${line}\n`).join("");
}

function lineOf({ value, description }: Candidate, shell: string, typed: string): string {
  if (shell === "bash") return value.slice(typed.search(/[^=:]*$/));
  if (shell === "fish") return description === "" ? value : `${value}\t${description}`;
  const escaped = value.replaceAll("\\", "\\\\").replaceAll(":", "\\:");
  return description === "" ? escaped : `${escaped}:${description}`;
}

/** What holds control characters would act on the terminal rather than be typed. */
function isPrintable(value: string): boolean {
  return !/\p{Cc}/u.test(value);
}

const DESCRIPTION_LENGTH = 60;

function brief(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, " ");
  return line.length > DESCRIPTION_LENGTH ? `${line.slice(0, DESCRIPTION_LENGTH - 1)}…` : line;
}
