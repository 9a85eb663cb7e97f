import { buildProgram } from "../src/cli.js";
import { reportFailure } from "../src/commands/report-failure.js";
import type { CliOptions, CliResult } from "./run-cli.js";

/**
 * Runs a command in this process, without the start of a program that `runCli` pays for. For what a command does; for how a
 * program starts, is stopped, or reads its environment there is `startCli`.
 */
export async function runCommand(args: readonly string[], { cwd, env = {} }: CliOptions): Promise<CliResult> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  let exitCode = 0;
  const io = {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    print: (text: string) => void stdout.push(text.replace(/\n$/, "")),
    note: (text: string) => void stderr.push(text),
    isTerminal: false,
    useColor: false,
    columns: 100,
    onInterrupt: () => () => {},
    changeEnvironment: () => {},
    setExitCode: (code: number) => {
      exitCode = code;
    },
  };
  try {
    await buildProgram(io, "0.0.0").parseAsync(args, { from: "user" });
  } catch (error) {
    reportFailure(error, io);
  }
  return { stdout: stdout.join("\n"), stderr: stderr.join("\n"), exitCode };
}
