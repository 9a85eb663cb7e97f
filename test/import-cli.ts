import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const FIXTURES = join(import.meta.dirname, "fixtures", "imports");

/** A recorded file of another tool. */
export const fixture = (name: string) => join(FIXTURES, name);

interface Estimate {
  readonly metric: string;
  readonly value: number | null;
  readonly n: number;
  readonly unscored: Readonly<Record<string, number>>;
}
interface RunJson {
  readonly run: {
    readonly id: string;
    readonly model: string;
    readonly agentName: string;
    readonly notes: string[];
  };
  readonly totals: Readonly<Record<"completed" | "passed" | "failed" | "errors", number>>;
  readonly estimates: readonly Estimate[];
}

export function estimate(report: RunJson, metric: string): Estimate | undefined {
  return report.estimates.find((one) => one.metric === metric);
}

function hashOf(text: string): number {
  return [...text].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) | 0, 7);
}

export type ImportCli = Awaited<ReturnType<typeof importCli>>;

/** `agentctl import` in a project of its own. */
export async function importCli() {
  const cwd = await initialisedProject();

  async function importRun(...args: string[]): Promise<RunJson> {
    const { stdout, stderr, exitCode } = await runCommand(["import", ...args, "--json"], { cwd });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/\bNaN\b|\bInfinity\b/);
    return JSON.parse(stdout) as RunJson;
  }

  async function importCases(file: string, ...args: string[]) {
    const output = join(cwd, `${Math.abs(hashOf(file + args.join(" ")))}.jsonl`);
    const { stdout, exitCode } = await runCommand(
      ["import", ...args.slice(0, 1), file, ...args.slice(1), "--dataset", output, "--force", "--json"],
      { cwd },
    );
    expect(exitCode).toBe(0);
    const checked = await runCommand(["dataset", "check", output], { cwd });
    expect(checked.exitCode).toBe(0);
    const lines = readFileSync(output, "utf8").trimEnd().split("\n");
    const report = JSON.parse(stdout) as { readonly cases: number; readonly notes: readonly string[] };
    expect(report.cases).toBe(lines.length);
    return { cases: lines.map((line) => JSON.parse(line) as Record<string, unknown>), notes: report.notes };
  }

  async function fails(...args: string[]): Promise<string> {
    const { stderr, stdout, exitCode } = await runCommand(["import", ...args], { cwd });
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    return stderr;
  }

  function file(name: string, text: string): string {
    writeFileSync(join(cwd, name), text);
    return name;
  }

  return { cwd, importRun, importCases, fails, file };
}
