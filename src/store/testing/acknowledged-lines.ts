import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect } from "vitest";

/**
 * Runs a program that prints a line for each thing that it stored.
 *
 * @param killAfter - lines after which it is killed with SIGKILL; `null`: it may finish
 * @returns what it said was stored
 */
export async function acknowledgedLines(
  program: string,
  args: readonly string[],
  killAfter: number | null,
): Promise<string[]> {
  const child = spawn(process.execPath, ["--import", "tsx", program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === killAfter) child.kill("SIGKILL");
  }
  const [code, signal] = (await exit) as [number | null, string | null];
  expect({ code, signal }).toEqual(
    killAfter === null ? { code: 0, signal: null } : { code: null, signal: "SIGKILL" },
  );
  return acknowledged;
}
