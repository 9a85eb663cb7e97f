import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

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

export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { stdout, stderr, exitCode } = await startCli(args, options);
  return { stdout, stderr, exitCode };
}

/** A new folder below the system's temporary folder. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "agentctl-"));
}

/** A folder in which `agentctl init` has run. */
export async function initialisedProject(): Promise<string> {
  const folder = temporaryFolder();
  const { exitCode, stderr } = await runCli(["init"], { cwd: folder });
  if (exitCode !== 0) throw new Error(`init failed: ${stderr}`);
  return folder;
}

/** Copies a fixture folder to a place where it may be changed. */
export function copyOfFixture(name: string): string {
  const folder = temporaryFolder();
  cpSync(join(import.meta.dirname, "fixtures", name), folder, { recursive: true });
  return folder;
}
