import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { runCommandLine } from "../src/cli.js";
import { mayUseColor } from "../src/commands/use-color.js";
import { refuseNonNumbers } from "./refuse-non-numbers.js";
import type { CliOptions, CliResult } from "./run-cli.js";

/** What is shipped, as node loads it. */
const BUNDLE = pathToFileURL(join(import.meta.dirname, "..", "dist", "cli.js")).href;

let atWork: string | null = null;

/**
 * Runs a command in this process, in a folder and with variables of its own, without the start of a program that `runCli`
 * pays for. For what a command does; for how a program starts, ends, is stopped, writes to its streams or shares files
 * with another one there are `runCli` and `startCli`.
 *
 * @throws {Error} when another command is at work: a process has one folder
 */
export async function runCommand(args: readonly string[], { cwd, env = {} }: CliOptions): Promise<CliResult> {
  const line = `agentctl ${args.join(" ")}`;
  if (atWork !== null)
    throw new Error(`${line}: \`${atWork}\` is at work; wait for it, or use runCli for both`);
  atWork = line;
  const stdout: string[] = [];
  const stderr: string[] = [];
  const outside = { folder: process.cwd(), env: process.env };
  const variables = { PATH: process.env.PATH, HOME: process.env.HOME, ...env };
  let exitCode = 0;
  try {
    process.chdir(cwd);
    process.env = variables;
    const io: Parameters<typeof runCommandLine>[2] = {
      cwd: process.cwd(),
      env: variables,
      print: (text) => void stdout.push(text.replace(/\n$/, "")),
      note: (text) => void stderr.push(text),
      isTerminal: false,
      useColor: mayUseColor(variables, false),
      columns: 100,
      onInterrupt: () => () => {},
      changeEnvironment: (set, unset) => {
        Object.assign(variables, set);
        for (const name of unset) Reflect.deleteProperty(variables, name);
      },
      setExitCode: (code) => {
        exitCode = code;
      },
    };
    const bundle = (await import(/* @vite-ignore */ BUNDLE)) as { runCommandLine: typeof runCommandLine };
    await bundle.runCommandLine(args, "0.0.0", io);
  } finally {
    atWork = null;
    process.chdir(outside.folder);
    process.env = outside.env;
  }
  const result = { stdout: stdout.join("\n"), stderr: stderr.join("\n"), exitCode };
  refuseNonNumbers(args, result.stdout);
  return result;
}
