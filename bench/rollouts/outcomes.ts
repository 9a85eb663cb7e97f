import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "..", "..", "test", "fixtures", "tau2-ab");

/** Whether each trial of a real tau2-bench run was a success, e.g. of `retail.gpt-4.1`. */
export function rewardsOf(run: string): readonly boolean[] {
  const lines = readFileSync(join(FOLDER, `${run}.jsonl`), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => (JSON.parse(line) as { readonly reward: number }).reward >= 1);
}

/** Outcomes of conversations: trials of a run, drawn with replacement by a seeded generator, so that a bench can be repeated. */
export function drawFrom(outcomes: readonly boolean[], seed: number): () => boolean {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const uniform = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    return outcomes[Math.floor(uniform * outcomes.length)] ?? false;
  };
}
