import { spawnSync } from "node:child_process";
import { join } from "node:path";

const BIN = join(import.meta.dirname, "..", "bin", "agentctl.js");
const ROUNDS = 15;

const CALLS = {
  node: ["-e", "0"],
  help: [BIN, "--help"],
  gate: [BIN, "gate", "latest"],
  complete: [BIN, "__complete", "bash", "agentctl ga"],
} as const;

type Call = keyof typeof CALLS;

/** Wall time of a call in milliseconds. */
export interface ColdStart {
  /** The least disturbed by what else the machine does. */
  readonly best: number;
  readonly median: number;
}

/**
 * Starts of the built program in a project with a stored run, each time a new process. The calls take turns, so that a
 * busy moment of the machine falls on all of them.
 */
export function coldStarts(folder: string): { readonly [call in Call]: ColdStart } {
  const taken: Record<Call, number[]> = { node: [], help: [], gate: [], complete: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const call of Object.keys(CALLS) as Call[]) {
      const started = performance.now();
      spawnSync(process.execPath, CALLS[call], { cwd: folder, stdio: "ignore" });
      taken[call].push(performance.now() - started);
    }
  }
  const of = (call: Call): ColdStart => {
    const sorted = taken[call].toSorted((a, b) => a - b);
    return { best: sorted[0] ?? Number.NaN, median: sorted[ROUNDS >> 1] ?? Number.NaN };
  };
  return { node: of("node"), help: of("help"), gate: of("gate"), complete: of("complete") };
}
