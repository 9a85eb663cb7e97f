import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AIRLINE_REWARDS } from "../../src/metrics/testing/airline-rewards.js";

/** One trial of a real agent. */
export interface RealTrial {
  readonly passed: boolean;
  /** `null` where the recording does not say. */
  readonly durationMs: number | null;
}

/** The trials of one case. */
export type RealCase = readonly RealTrial[];

/** tau-bench, airline, gpt-4o: 50 cases, 4 trials each. */
export function airlineCases(): RealCase[] {
  return AIRLINE_REWARDS.map((digits) =>
    [...digits].map((digit) => ({ passed: digit === "1", durationMs: null })),
  );
}

interface Simulation {
  readonly task_id: string;
  readonly duration: number;
  readonly reward: number;
}

/** tau2-bench: one arm of a published comparison. */
export function tau2Cases(
  domain: "airline" | "retail",
  model: "gpt-4.1" | "gpt-4.1-sft",
): Map<string, RealCase> {
  const path = join(
    import.meta.dirname,
    "..",
    "..",
    "test",
    "fixtures",
    "tau2-ab",
    `${domain}.${model}.jsonl`,
  );
  const cases = new Map<string, RealTrial[]>();
  for (const line of readFileSync(path, "utf8").trim().split("\n")) {
    const { task_id, duration, reward } = JSON.parse(line) as Simulation;
    const trials = cases.get(task_id) ?? [];
    cases.set(task_id, trials);
    trials.push({ passed: reward === 1, durationMs: duration * 1000 });
  }
  return cases;
}
