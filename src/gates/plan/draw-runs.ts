import type { Score } from "../../core/score.js";
import type { TrialRow } from "../../metrics/metric.js";
import { SeededRandom } from "../../stats/random.js";
import type { Plant } from "./plant.js";
import type { SlotUnit, SourceCase, TrialPool } from "./trial-pool.js";

/** Two runs of the planned cases by equally good agents, and what the candidate's becomes when it is worse. */
export interface DrawnRuns {
  readonly candidate: readonly TrialRow[];
  /** Drawn when it is asked for: a policy without a baseline never needs it. */
  readonly baseline: () => readonly TrialRow[];
  /** The candidate's trials with a change; the same chances whatever is planted. */
  readonly planted: (plant: Plant | null) => readonly TrialRow[];
}

const CASES = 0;
const BASELINE = 1;
const CANDIDATE = 2;
const PLANTED = 3;

/**
 * Draws the runs of one round. Every planned group stands for a stored group of its stratum, drawn with return and the
 * same one in both runs; every trial is one of the stored trials of its case, or, with the chance `redraw`, of any case;
 * metrics that only one of the two has a score of stay as they are, so that as many cases are scored as ever. The same seed and round give the same draws whatever is planted, so that scenarios differ by what is
 * planted alone.
 */
export function drawRuns(pool: TrialPool, trials: number, seed: number, round: number): DrawnRuns {
  const stream = (which: number) => new SeededRandom((seed % 2 ** 20) * 2 ** 32 + round * 4 + which);
  const sources = sourcesOf(pool, stream(CASES));
  const candidate = drawn(pool, sources, trials, stream(CANDIDATE));
  let baseline: readonly TrialRow[] | null = null;
  return {
    candidate,
    baseline: () => {
      baseline ??= drawn(pool, sources, trials, stream(BASELINE));
      return baseline;
    },
    planted: (plant) => {
      if (plant === null) return candidate;
      const chances = stream(PLANTED);
      return candidate.map((row) => plant(row, chances));
    },
  };
}

/** The stored case that each planned case stands for, in their order. */
function sourcesOf({ slots }: TrialPool, random: SeededRandom): SourceCase[] {
  const sources: SourceCase[] = [];
  for (const { cases, stratum } of slots) {
    const own = stratum.units[random.nextBelow(stratum.units.length)]?.cases ?? [];
    const first = cases.length === own.length ? 0 : random.nextBelow(own.length);
    for (let index = 0; index < cases.length; index += 1) {
      sources.push(own[(first + index) % own.length] as SourceCase);
    }
  }
  return sources;
}

function drawn(
  { slots, redraw }: TrialPool,
  sources: readonly SourceCase[],
  trials: number,
  random: SeededRandom,
): TrialRow[] {
  const rows: TrialRow[] = [];
  let at = 0;
  for (const { cases, stratum } of slots) {
    for (const { caseId, group } of cases) {
      const own = (sources[at] as SourceCase).rows;
      at += 1;
      for (let trial = 0; trial < trials; trial += 1) {
        const row = own[random.nextBelow(own.length)] as TrialRow;
        if (random.nextUnit() >= redraw) {
          rows.push({ ...row, caseId, group, trial });
          continue;
        }
        const other = (slots[random.nextBelow(slots.length)] as SlotUnit).stratum;
        const drawnRow = other.rows[random.nextBelow(other.rows.length)] as TrialRow;
        const scores = other === stratum ? drawnRow.scores : mergedScores(row.scores, drawnRow.scores);
        rows.push({ ...drawnRow, scores, caseId, group, trial });
      }
    }
  }
  return rows;
}

/** Scores of another trial for the metrics that both have. */
function mergedScores(own: TrialRow["scores"], other: TrialRow["scores"]): TrialRow["scores"] {
  const merged: Record<string, Score> = { ...own };
  for (const [metric, score] of Object.entries(other)) {
    if (score.value !== null && (merged[metric]?.value ?? null) !== null) merged[metric] = score;
  }
  return merged;
}
