import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { refuseNonNumbers } from "./refuse-non-numbers.js";
import { runCommand } from "./run-command.js";

const BIN = join(import.meta.dirname, "..", "bin", "agentctl.js");

export interface CliOptions {
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
}

export interface CliResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** Starts the program as a user would, without the variables of this test run. */
export function startCli(args: readonly string[], { cwd, env = {} }: CliOptions) {
  const { PATH, HOME } = process.env;
  return execa(BIN, args, {
    cwd,
    env: { PATH, HOME, ...env },
    extendEnv: false,
    reject: false,
  });
}

/** Starts the program and waits for its end. Where only the effects of a command matter, `runCommand` is faster. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { stdout, stderr, exitCode } = await startCli(args, options);
  refuseNonNumbers(args, stdout);
  return { stdout, stderr, exitCode };
}

/** A new folder below the system's temporary folder. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "agentctl-"));
}

/** A folder in which `agentctl init` has run. */
export async function initialisedProject(): Promise<string> {
  const folder = temporaryFolder();
  const { exitCode, stderr } = await runCommand(["init"], { cwd: folder });
  if (exitCode !== 0) throw new Error(`init failed: ${stderr}`);
  return folder;
}

/** Leaves the first cases of the golden set of a folder in which `agentctl init` has run. */
export function keepCases(folder: string, count: number): void {
  const file = join(folder, "datasets", "starter.jsonl");
  const cases = readFileSync(file, "utf8").split("\n").slice(0, count);
  writeFileSync(file, `${cases.join("\n")}\n`);
}

/** Copies a fixture folder to a place where it may be changed. */
export function copyOfFixture(name: string): string {
  const folder = temporaryFolder();
  cpSync(join(import.meta.dirname, "fixtures", name), folder, { recursive: true });
  return folder;
}
